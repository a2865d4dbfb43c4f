import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";

import { neutralEnvironment } from "@talkme/test-syncd";

import { cpuSecondsOf } from "./cpu-seconds.ts";

const stopDeadlineMs = 20_000;
const tailLength = 4000;

/** A program under measurement, in its own process. */
export class Child {
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;
  readonly #ready = Promise.withResolvers<void>();
  #output = "";

  /** @param readyWhen The text that it writes when it is ready. */
  constructor(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    readyWhen: RegExp | null = null,
  ) {
    this.#process = spawn(program, args, {
      env: { ...neutralEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#exited = new Promise((resolve) => {
      this.#process.once("error", () => resolve(null));
      this.#process.once("close", (code) => resolve(code));
    });
    let isReady = false;
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      // Thousands of lines a second on the measured processors, so this does as little as possible.
      stream?.setEncoding("utf8").on("data", (text: string) => {
        if (!isReady && readyWhen?.test(this.#output + text) === true) {
          isReady = true;
          this.#ready.resolve();
        }
        this.#output = text.length < tailLength ? this.#output + text : text;
        if (this.#output.length > 2 * tailLength) this.#output = this.#output.slice(-tailLength);
      });
    }
    this.#ready.promise.catch(() => "Whoever waits handles it.");
    void this.#exited.then((code) =>
      this.#ready.reject(new Error(`${program} ended (${code}) before it was ready:\n${this.#output}`)),
    );
  }

  get hasExited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** The end of its output. */
  get output(): string {
    return this.#output.slice(-tailLength);
  }

  async ready(): Promise<void> {
    await this.#ready.promise;
  }

  async exited(): Promise<number | null> {
    return this.#exited;
  }

  /** Seconds of processor time so far, of all its threads. */
  async cpuSeconds(): Promise<number> {
    return cpuSecondsOf(this.#process.pid ?? Number.NaN);
  }

  /** Resident memory in MB; 0 once it ends. */
  async residentMb(): Promise<number> {
    const status = await readFile(`/proc/${this.#process.pid}/status`, "utf8").catch(() => "");
    return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  }

  /** kill -9. */
  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    if (!this.hasExited) this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), stopDeadlineMs);
    await this.#exited;
    clearTimeout(timer);
  }
}
