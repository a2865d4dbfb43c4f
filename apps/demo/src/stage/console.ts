import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { neutralEnvironment } from "@talkme/test-syncd";

/** By path: nothing is built on the console. */
const bin = fileURLToPath(new URL("../../../console/src/bin.ts", import.meta.url));

const startDeadlineMs = 60_000;

interface ConsoleAccount {
  readonly name: string;
  /** The role of PostgreSQL. */
  readonly role: string;
}

interface ConsoleOptions {
  /** Of the console's own login. */
  readonly databaseUrl: string;
  readonly accounts: readonly ConsoleAccount[];
  /** Of all accounts. */
  readonly password: string;
}

/** The console as a process of its own, as in production, with log-in by password. */
export class Console implements AsyncDisposable {
  readonly url: string;
  readonly #process: ReturnType<typeof start>;

  private constructor(url: string, process: ReturnType<typeof start>) {
    this.url = url;
    this.#process = process;
  }

  /**
   * Adds the accounts and waits until it serves its pages.
   *
   * @throws if it ends first, or an account is refused.
   */
  static async start({ databaseUrl, accounts, password }: ConsoleOptions): Promise<Console> {
    const settings = { TALKME_CONSOLE_DATABASE_URL: databaseUrl, TALKME_CONSOLE_HTTP_PORT: "0" };
    const console = new Console(...(await serving(start(["run"], settings))));
    try {
      await Promise.all(
        accounts.map(({ name, role }) =>
          finish(start(["account", "add", name, "--role", role], settings), password),
        ),
      );
      return console;
    } catch (error) {
      await console[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Stops it, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#process);
  }
}

/** In a process group of its own: Ctrl-C is the demonstration's, which stops it in order. */
function start(args: readonly string[], settings: Readonly<Record<string, string>>) {
  return spawn(process.execPath, ["--conditions=@talkme/source", bin, ...args], {
    env: { ...neutralEnvironment(), ...settings },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
}

async function serving(
  child: ReturnType<typeof start>,
): Promise<[url: string, child: ReturnType<typeof start>]> {
  child.stderr.resume();
  const started = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const { msg, http }: { msg?: string; http?: string } = JSON.parse(line);
      if (msg === "started" && http !== undefined) resolve(http);
    });
  });
  const url = await Promise.race([started, once(child, "close").then(() => null), deadline()]);
  if (url !== null) return [url, child];
  await end(child);
  throw new Error("The console did not start.");
}

async function finish(child: ReturnType<typeof start>, input: string): Promise<void> {
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdout.resume();
  child.stdin.end(`${input}\n`);
  await once(child, "close");
  if (child.exitCode !== 0) throw new Error(`talkme-console account add failed: ${complaint}`);
}

async function end(child: ReturnType<typeof start>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  await closed;
}

async function deadline(): Promise<null> {
  await once(AbortSignal.timeout(startDeadlineMs), "abort");
  return null;
}
