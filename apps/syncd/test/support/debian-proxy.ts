import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { DebianProgram } from "@talkme/test-debian";
import { needDebianProgram } from "@talkme/test-debian/vitest";
import { findFreePort } from "@talkme/test-postgres";
import { onTestFinished, vi, type TestContext } from "vitest";

/** A proxy of Debian's packages that runs for one test. */
export interface DebianProxy {
  /** Without user and password. */
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Again, on the same port. */
  readonly start: () => Promise<void>;
}

export interface DebianProxyOptions {
  /** The ports that CONNECT may go to. */
  readonly allowed: readonly number[];
  /**
   * What its users have to give.
   *
   * @default nothing
   */
  readonly login?: { readonly user: string; readonly password: string };
}

/** Tinyproxy; skips the test without it. */
export async function startTinyproxy(
  context: Pick<TestContext, "skip">,
  { allowed, login }: DebianProxyOptions,
): Promise<DebianProxy> {
  const program = await needDebianProgram(context, "tinyproxy-bin", "usr/bin/tinyproxy");
  const port = await findFreePort();
  const lines = [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Timeout 600",
    "MaxClients 100",
    ...allowed.map((one) => `ConnectPort ${one}`),
    ...(login === undefined ? [] : [`BasicAuth ${login.user} ${login.password}`]),
  ];
  const configuration = await configurationFile("tinyproxy.conf", lines);
  return run(program, ["-d", "-c", configuration], port);
}

/** Squid; skips the test without it. It asks nobody for a password. */
export async function startSquid(
  context: Pick<TestContext, "skip">,
  { allowed }: Pick<DebianProxyOptions, "allowed">,
): Promise<DebianProxy> {
  const program = await needDebianProgram(context, "squid", "usr/sbin/squid");
  const port = await findFreePort();
  const home = await temporaryFolder();
  const mimeTypes = await configurationFile("mime.conf", []);
  const lines = [
    `http_port 127.0.0.1:${port}`,
    `acl API port ${allowed.join(" ")}`,
    "acl CONNECT method CONNECT",
    "http_access deny CONNECT !API",
    "http_access allow localhost",
    "http_access deny all",
    "cache deny all",
    "pid_filename none",
    // What it asks for at its start and needs for a cache alone.
    `mime_table ${mimeTypes}`,
    `error_directory ${home}`,
    `icon_directory ${home}`,
    "unlinkd_program /bin/true",
    "cache_effective_user nobody",
    `cache_log ${home}/cache.log`,
    "access_log none",
    "netdb_filename none",
    "pinger_enable off",
    `coredump_dir ${home}`,
    "shutdown_lifetime 0 seconds",
  ];
  const configuration = await configurationFile("squid.conf", lines);
  return run(program, ["-N", "-f", configuration], port);
}

async function configurationFile(name: string, lines: readonly string[]): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

/** Which a user that is not root may write, too: as root, proxies become another. */
async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-proxy-"));
  await chmod(folder, 0o777);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function run(program: DebianProgram, args: readonly string[], port: number): Promise<DebianProxy> {
  let running: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const started = spawn(program.path, args, {
      env: { ...process.env, ...program.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running = started;
    let output = "";
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (chunk) => {
        output += String(chunk);
      });
    }
    await vi.waitFor(
      async () => {
        if (started.exitCode !== null) throw new Error(`${program.path} has ended:\n${output}`);
        await listens(port);
      },
      { timeout: 60_000, interval: 50 },
    );
  };
  const stop = async (): Promise<void> => {
    const stopping = running;
    running = null;
    if (stopping === null || stopping.exitCode !== null || stopping.signalCode !== null) return;
    stopping.kill("SIGKILL");
    await once(stopping, "exit");
  };
  onTestFinished(stop);
  await start();
  return { url: `http://127.0.0.1:${port}`, start, stop };
}

async function listens(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
  } finally {
    socket.destroy();
  }
}
