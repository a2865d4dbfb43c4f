import { once } from "node:events";

import { SyncdProcess, type Exit } from "@talkme/test-syncd";

import { readDaemonLog, type DaemonEvent } from "./daemon-log.ts";

const startDeadlineMs = 30_000;
/** Longer than the drain that the demonstration sets. */
const stopDeadlineMs = 10_000;
const keptLines = 12;

/** The daemon failed; the message ends with the last lines of its log. */
export class DaemonError extends Error {
  override readonly name = "DaemonError";
}

/** `syncd run` as a process of its own, as in production. */
export class Daemon implements AsyncDisposable {
  readonly #process: SyncdProcess;
  readonly #lastLines: string[] = [];
  #onEvent: (event: DaemonEvent) => void = () => {};
  #isStopping = false;
  #httpUrl = "";

  private constructor(settings: Readonly<Record<string, string>>) {
    this.#process = new SyncdProcess(["run"], settings, (line) => this.#read(line));
  }

  /**
   * Starts it and waits until it sends.
   *
   * @param onDeath Called if it later ends without being asked to.
   * @throws {DaemonError} if it ends first or takes too long.
   */
  static async start(
    settings: Readonly<Record<string, string>>,
    onDeath: (error: DaemonError) => void,
  ): Promise<Daemon> {
    const daemon = new Daemon(settings);
    const sending = new Promise<"sending">((resolve) => {
      daemon.onEvent((event) => {
        if (event.kind === "sending") resolve("sending");
      });
    });
    const first = await Promise.race([sending, daemon.#process.exited, deadline(startDeadlineMs)]);
    if (first !== "sending") {
      await daemon[Symbol.asyncDispose]();
      throw daemon.#error(`syncd run did not start (${ending(first)})`);
    }
    void daemon.#watch(onDeath);
    return daemon;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Where it serves its metrics and health. */
  get httpUrl(): string {
    return this.#httpUrl;
  }

  /** Replaces the observer of its log. */
  onEvent(listener: (event: DaemonEvent) => void): void {
    this.#onEvent = listener;
  }

  /**
   * Stops it by SIGTERM, like systemd and Kubernetes.
   *
   * @throws {DaemonError} if it does not exit with 0.
   */
  async stop(): Promise<void> {
    const how = await this.#terminate();
    if (how !== 0) throw this.#error(`syncd run did not stop cleanly (${ending(how)})`);
  }

  /** Kills it if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if ((await this.#terminate()) === "no answer") {
      this.#process.signal("SIGKILL");
      await this.#process.exited;
    }
  }

  async #watch(onDeath: (error: DaemonError) => void): Promise<void> {
    const how = await this.#process.exited;
    if (!this.#isStopping) onDeath(this.#error(`syncd run ended by itself (${ending(how)})`));
  }

  async #terminate(): Promise<Exit | "no answer"> {
    this.#isStopping = true;
    this.#process.signal("SIGTERM");
    return Promise.race([this.#process.exited, deadline(stopDeadlineMs)]);
  }

  #read(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > keptLines) this.#lastLines.shift();
    const event = readDaemonLog(line);
    if (event.kind === "serving") this.#httpUrl = event.httpUrl;
    this.#onEvent(event);
  }

  #error(what: string): DaemonError {
    const log =
      this.#lastLines.length === 0
        ? "It logged nothing."
        : `Its log ended with:\n${this.#lastLines.join("\n")}`;
    return new DaemonError(`${what}. ${log}`);
  }
}

function ending(exit: Exit | "no answer"): string {
  return typeof exit === "number" ? `exit code ${exit}` : exit;
}

async function deadline(ms: number): Promise<"no answer"> {
  const timer = AbortSignal.timeout(ms);
  await once(timer, "abort");
  return "no answer";
}
