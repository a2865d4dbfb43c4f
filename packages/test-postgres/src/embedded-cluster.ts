import { execFile, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import type { EmbeddedBinaries } from "./embedded-binaries.ts";
import type { PostgresServer, StopMode } from "./postgres-server.ts";
import type { UnprivilegedUser } from "./unprivileged-user.ts";

const run = promisify(execFile);

export const password = "postgres";

/** The data folder of one server, and how to run it. */
export interface Cluster {
  readonly home: string;
  readonly port: number;
  /** Null: runs as the user of this process. */
  readonly user: UnprivilegedUser | null;
  readonly binaries: EmbeddedBinaries;
}

export function dataFolder({ home }: Pick<Cluster, "home">): string {
  return join(home, "data");
}

/** Runs a program as the server's user. */
export async function runFor(cluster: Cluster, program: string, args: readonly string[]): Promise<void> {
  await run(program, args, surroundings(cluster));
}

function surroundings({ user, home }: Cluster): Pick<SpawnOptions, "uid" | "gid" | "cwd" | "env"> {
  return { ...user, cwd: home, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };
}

/** Appends to postgresql.conf: a later line of the same name wins. */
export async function configure(cluster: Cluster, settings: Readonly<Record<string, string>>): Promise<void> {
  const all = {
    port: String(cluster.port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: cluster.home,
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `\n${name} = '${value}'`);
  await appendFile(join(dataFolder(cluster), "postgresql.conf"), lines.join(""));
}

/** The server of a cluster, which is not running yet. */
export function serverOf(cluster: Cluster): PostgresServer {
  const data = dataFolder(cluster);
  const log = join(cluster.home, "server.log");
  const control = async (...args: readonly string[]): Promise<void> => {
    const options = [...args, "--wait", "--silent", "--pgdata", data];
    // Without pipes, which the server would keep open after pg_ctl has ended.
    const program = spawn(cluster.binaries.pgCtl, options, { ...surroundings(cluster), stdio: "ignore" });
    const [code] = await once(program, "exit");
    if (code !== 0) throw new Error(`pg_ctl ${args[0]} ended with ${String(code)}.`);
  };

  const stop = async (mode: StopMode = "fast"): Promise<void> => control("stop", "--mode", mode);
  return {
    kind: "embedded",
    url: `postgresql://postgres:${password}@127.0.0.1:${cluster.port}/postgres`,
    start: async () => {
      try {
        await control("start", "--log", log);
      } catch (cause) {
        const lines = await readFile(log, "utf8").catch(() => "(it wrote no log)");
        throw new Error(`The embedded PostgreSQL did not start:\n${lines}`, { cause });
      }
    },
    stop,
    remove: async () => {
      await stop("immediate").catch(() => "not running");
      await rm(cluster.home, { recursive: true, force: true });
    },
  };
}
