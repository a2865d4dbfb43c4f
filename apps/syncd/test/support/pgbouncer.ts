import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { DebianProgram } from "@talkme/test-debian";
import { needDebianProgram } from "@talkme/test-debian/vitest";
import { findFreePort } from "@talkme/test-postgres";
import { Client } from "pg";
import { onTestFinished, vi, type TestContext } from "vitest";

import { asDaemon } from "./daemon-login.ts";

/** A real PgBouncer, in transaction mode by default, with fewer connections to the server than its clients want. */
export class PgBouncer {
  /** The URL of the database behind it, with PgBouncer's port. */
  readonly url: string;
  readonly #program: DebianProgram;
  readonly #configuration: string;
  #process: ChildProcess | null = null;
  #log = "";

  private constructor(url: string, program: DebianProgram, configuration: string) {
    this.url = url;
    this.#program = program;
    this.#configuration = configuration;
  }

  /** Skips the test without PgBouncer. */
  static async open(
    context: Pick<TestContext, "skip">,
    databaseUrl: string,
    poolSize: number,
    mode: "session" | "transaction" | "statement" = "transaction",
  ): Promise<PgBouncer> {
    const program = await needDebianProgram(context, "pgbouncer", "usr/sbin/pgbouncer");
    const home = await mkdtemp(join(tmpdir(), "talkme-pgbouncer-"));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const url = new URL(databaseUrl);
    const { hostname, port } = url;
    const users = join(home, "users.txt");
    const logins = [url, new URL(asDaemon(databaseUrl))];
    await writeFile(users, logins.map(({ username, password }) => `"${username}" "${password}"\n`).join(""));
    url.port = String(await findFreePort());
    url.hostname = "127.0.0.1";
    const settings = [
      "[databases]",
      `* = host=${hostname} port=${port}`,
      "[pgbouncer]",
      "listen_addr = 127.0.0.1",
      `listen_port = ${url.port}`,
      "unix_socket_dir =",
      "auth_type = scram-sha-256",
      `auth_file = ${users}`,
      `pool_mode = ${mode}`,
      `default_pool_size = ${poolSize}`,
      // It reads its configuration before it drops root.
      ...(process.getuid?.() === 0 ? ["user = nobody"] : []),
    ];
    const configuration = join(home, "pgbouncer.ini");
    await writeFile(configuration, `${settings.join("\n")}\n`);
    const pgbouncer = new PgBouncer(url.href, program, configuration);
    onTestFinished(() => pgbouncer.stop());
    await pgbouncer.start();
    return pgbouncer;
  }

  /** Starts it, always on the same port; returns when it answers for the database. */
  async start(): Promise<void> {
    const { path, env } = this.#program;
    const started = spawn(path, [this.#configuration], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    started.stderr.on("data", (chunk) => {
      this.#log += String(chunk);
    });
    this.#process = started;
    await vi.waitFor(
      async () => {
        if (started.exitCode !== null) throw new Error(`PgBouncer has ended:\n${this.#log}`);
        await answers(this.url);
      },
      { timeout: 60_000, interval: 50 },
    );
  }

  /** Kills it with all connections of its clients. */
  async stop(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    running.kill("SIGKILL");
    await once(running, "exit");
  }
}

async function answers(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on("error", () => "The connection attempt fails with it.");
  try {
    await client.connect();
    await client.query("select 1");
  } finally {
    await client.end();
  }
}
