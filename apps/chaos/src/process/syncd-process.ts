import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { neutralEnvironment } from "./daemon-settings.ts";

/** How it ended: its exit code, or the signal that killed it. */
export type Exit = number | NodeJS.Signals | "not started";

const bin = fileURLToPath(new URL("bin.ts", import.meta.resolve("@talkme/syncd")));
const tailLines = 8;

/** The real program as a process of its own, with its log. */
export class SyncdProcess {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #lines: string[] = [];
  readonly #names = new Set<string>();
  readonly #sending = Promise.withResolvers<void>();
  readonly exited: Promise<Exit>;
  #exit: Exit | null = null;

  constructor(command: "run" | "migrate", settings: Readonly<Record<string, string>>) {
    // In a process group of its own: Ctrl-C reaches every process of the terminal's group.
    this.#process = spawn(process.execPath, ["--conditions=@talkme/source", bin, command], {
      env: { ...neutralEnvironment(), ...settings },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.exited = new Promise((resolve) => {
      this.#process.once("error", () => resolve("not started"));
      this.#process.once("close", (code, signal) => resolve(code ?? signal ?? "not started"));
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface(stream).on("line", (line) => this.#read(line));
    }
    // Whoever waits for it to send is told where it never does; nobody has to wait.
    this.#sending.promise.catch(() => "told in time");
    void this.#noticeExit(command);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#exit !== null;
  }

  /** The names under which it was registered, as far as its log has told. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Resolves when it has registered; rejects where it ends before. */
  async sending(): Promise<void> {
    await this.#sending.promise;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** What it has logged of a row. */
  linesAbout(id: string): readonly string[] {
    return this.#lines.filter((line) => line.includes(`"${id}"`));
  }

  /** All that it has logged. */
  get log(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** Its last lines. */
  tail(): string {
    return this.#lines.slice(-tailLines).join("\n");
  }

  async #noticeExit(command: string): Promise<void> {
    this.#exit = await this.exited;
    this.#sending.reject(
      new Error(`syncd ${command} ended (${this.#exit}) before it sent anything:\n${this.tail()}`),
    );
  }

  #read(line: string): void {
    this.#lines.push(line);
    const { msg, instance, name } = parse(line);
    if (msg === "sending" && typeof instance === "string") {
      this.#names.add(instance);
      this.#sending.resolve();
    } else if (msg?.startsWith("was declared dead") === true && typeof name === "string") {
      this.#names.add(name);
    }
  }
}

interface LogLine {
  readonly msg?: string;
  readonly instance?: unknown;
  readonly name?: unknown;
}

function parse(line: string): LogLine {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
