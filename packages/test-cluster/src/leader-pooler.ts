import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { DebianProgram } from "@talkme/test-debian";
import { Client } from "pg";

import { findLastingPort } from "./lasting-port.ts";
import { RunningProgram } from "./running-program.ts";

export interface PoolerOptions {
  readonly program: DebianProgram;
  /** The port of the leader at present; null while nobody knows. */
  readonly leaderPort: () => Promise<number | null>;
  /** A database of the leader, with the login that PgBouncer lets in. */
  readonly databaseUrl: string;
}

const lookEveryMs = 300;

/**
 * PgBouncer in transaction mode in front of a cluster. It is led to the leader as a template of consul or a callback of
 * Patroni does it: its configuration is written anew and loaded.
 */
export class LeaderPooler implements AsyncDisposable {
  readonly #options: PoolerOptions;
  readonly #file: string;
  readonly #running: AsyncDisposableStack;
  readonly #endings: string[] = [];
  #program: RunningProgram | null = null;
  #leader: number | null = null;
  /** The database's URL through it. */
  readonly url: string;

  private constructor(options: PoolerOptions, file: string, url: string, running: AsyncDisposableStack) {
    this.#options = options;
    this.#file = file;
    this.url = url;
    this.#running = running;
  }

  static async start(options: PoolerOptions): Promise<LeaderPooler> {
    await using running = new AsyncDisposableStack();
    const home = await mkdtemp(join(tmpdir(), "talkme-pooler-"));
    running.defer(() => rm(home, { recursive: true, force: true }));
    // It gives up root, and reads its files again later.
    await chmod(home, 0o755);
    const url = new URL(options.databaseUrl);
    url.port = String(await findLastingPort());
    await writeFile(join(home, "users.txt"), `"${url.username}" "${url.password}"\n`);
    const pooler = new LeaderPooler(options, join(home, "pgbouncer.ini"), url.href, running.move());
    try {
      await pooler.#start();
      return pooler;
    } catch (error) {
      await pooler[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What it wrote, also before it was started again. */
  get output(): string {
    return [...this.#endings, this.#program?.output ?? ""].join("--- started again\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }

  async #start(): Promise<void> {
    await this.#follow();
    const program = this.#launch();
    this.#running.defer(() => this.#program?.kill());
    await program.answers(() => answers(this.url));
    const stop = new AbortController();
    const following = this.#keepFollowing(stop.signal);
    this.#running.defer(async () => {
      stop.abort();
      await following;
    });
  }

  #launch(): RunningProgram {
    const { path, env } = this.#options.program;
    const cwd = dirname(this.#file);
    const program = new RunningProgram({ command: [path, this.#file], env, cwd, user: null });
    this.#program = program;
    return program;
  }

  async #keepFollowing(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#follow();
      // As a service manager does: 1.18 does not survive each change of hosts under load.
      if (this.#program?.hasEnded === true) {
        this.#endings.push(this.#program.output);
        this.#launch();
      }
      await sleep(lookEveryMs, undefined, { signal: stop }).catch(() => "stopped");
    }
  }

  async #follow(): Promise<void> {
    const leader = await this.#options.leaderPort();
    if (leader === null || leader === this.#leader) return;
    this.#leader = leader;
    const settings = [
      "[databases]",
      `* = host=127.0.0.1 port=${leader}`,
      "[pgbouncer]",
      "listen_addr = 127.0.0.1",
      `listen_port = ${new URL(this.url).port}`,
      "unix_socket_dir =",
      "auth_type = scram-sha-256",
      "auth_file = users.txt",
      "pool_mode = transaction",
      "default_pool_size = 10",
      "server_login_retry = 1",
      ...(process.getuid?.() === 0 ? ["user = nobody"] : []),
    ];
    await writeFile(this.#file, `${settings.join("\n")}\n`);
    this.#program?.signal("SIGHUP");
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on("error", () => "The attempt fails with it.");
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } finally {
    await client.end();
  }
}
