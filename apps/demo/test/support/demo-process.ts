import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { onTestFinished } from "vitest";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** The demonstration as a process with its own temporary folder, in the environment of a syncd developer. */
export class DemoProcess {
  readonly #child;
  readonly #temporaryFolder: string;
  readonly #closed: Promise<unknown>;
  #out = "";
  #err = "";

  private constructor(args: readonly string[], temporaryFolder: string) {
    const { FORCE_COLOR: _, ...inherited } = process.env;
    this.#temporaryFolder = temporaryFolder;
    this.#child = spawn(process.execPath, ["--conditions=@talkme/source", main, ...args], {
      env: {
        ...inherited,
        TMPDIR: temporaryFolder,
        TALKME_DATABASE_URL: "postgresql://203.0.113.1/production",
        TALKME_CONFIG: "/nowhere/talkme.yaml",
        PGHOST: "203.0.113.1",
        PGSSLMODE: "require",
      },
    });
    // It may have ended.
    this.#child.stdin.on("error", () => {});
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => (this.#out += text));
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#err += text));
    this.#closed = once(this.#child, "close");
  }

  static async start(...args: readonly string[]): Promise<DemoProcess> {
    const temporaryFolder = await mkdtemp(join(tmpdir(), "demo-test-"));
    // Under root, PostgreSQL runs as another user, who needs access.
    await chmod(temporaryFolder, 0o755);
    const demo = new DemoProcess(args, temporaryFolder);
    onTestFinished(async () => {
      demo.kill("SIGTERM");
      await demo.ended();
      await rm(temporaryFolder, { recursive: true, force: true });
    });
    return demo;
  }

  get out(): string {
    return this.#out;
  }

  /** Writes to its standard input, which stays open. */
  type(text: string): void {
    this.#child.stdin.write(text);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Stops reading its output, as `head` does. */
  closeOutput(): void {
    this.#child.stdout.destroy();
  }

  /** Waits until it has printed a match. @throws if it ends first. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#out);
      if (match !== null) return match;
      const next = await Promise.race([once(this.#child.stdout, "data"), this.#closed.then(() => "closed")]);
      if (next === "closed" && !pattern.test(this.#out)) {
        throw new Error(`It ended without printing ${String(pattern)}:\n${this.#out}\n${this.#err}`);
      }
    }
  }

  /** Waits until it ends. */
  async ended(): Promise<{ readonly exitCode: number | null; readonly err: string }> {
    await this.#closed;
    return { exitCode: this.#child.exitCode, err: this.#err };
  }

  /** What it left in the temporary folder. */
  async leftFiles(): Promise<readonly string[]> {
    return readdir(this.#temporaryFolder);
  }
}

/** Whether the process exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
