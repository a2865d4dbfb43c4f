import type { Exit } from "@talkme/test-syncd";
import { setTimeout as sleep } from "node:timers/promises";

import type { ProcessHistory } from "./process-history.ts";
import type { ProcessWatch } from "./process-watch.ts";
import { LoggedProcess } from "./logged-process.ts";

/** Longer than the drain, the last settlements and the exit of a process may take. */
const stopDeadlineMs = 20_000;
const restartAfterMs = 500;

export interface SlotParts {
  readonly settings: Readonly<Record<string, string>>;
  /** Called with every process when it starts. */
  readonly onStart: (history: ProcessHistory) => void;
  readonly watch: ProcessWatch;
}

/** The slot of one instance: after the end of its process, another one starts. */
export class InstanceSlot {
  readonly #parts: SlotParts;
  #current: ProcessHistory;
  #closing = false;

  constructor(parts: SlotParts) {
    this.#parts = parts;
    this.#current = this.#start();
  }

  /** Resolves when its process sends or has ended. */
  async ready(): Promise<void> {
    await this.#current.process.sending().catch(() => "ended");
  }

  /** @throws if its first process never sends. */
  async started(): Promise<void> {
    await this.#current.process.sending();
  }

  /** kill -9, with requests on the wire. */
  async kill(downMs: number): Promise<void> {
    const history = await this.#busy();
    history.wasKilled = true;
    history.process.signal("SIGKILL");
    await history.process.exited;
    await this.#startAgain(downMs);
  }

  /** SIGTERM, with requests on the wire: a clean stop. */
  async stop(downMs: number): Promise<void> {
    await this.#terminate(await this.#busy());
    await this.#startAgain(downMs);
  }

  /** SIGSTOP, then SIGCONT after `ms`. */
  async pause(ms: number): Promise<void> {
    await this.#pauseWhile(() => sleep(ms));
  }

  /** SIGSTOP, and SIGCONT this long after it is declared dead. */
  async pauseUntilDead(extraMs: number): Promise<void> {
    await this.#pauseWhile(async ({ process }) => {
      await this.#parts.watch.declaredDead(process);
      await sleep(extraMs);
    });
  }

  async #pauseWhile(work: (history: ProcessHistory) => Promise<void>): Promise<void> {
    const history = await this.#busy();
    const fromMs = Date.now();
    const sinceMs = performance.now();
    history.process.signal("SIGSTOP");
    await work(history);
    history.process.signal("SIGCONT");
    const databaseWasDisturbed = this.#parts.watch.databaseWasDisturbed(sinceMs);
    history.pauses.push({ fromMs, toMs: Date.now(), databaseWasDisturbed });
  }

  /** Stops it cleanly, for good. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.ready();
    if (!this.#current.process.hasExited) await this.#terminate(this.#current);
  }

  /** Kills it at once. */
  async abandon(): Promise<void> {
    this.#closing = true;
    this.#current.process.signal("SIGKILL");
    await this.#current.process.exited;
  }

  /** Its process, once it is ready to be disturbed. */
  async #busy(): Promise<ProcessHistory> {
    await this.ready();
    const history = this.#current;
    await this.#parts.watch.busy(history.process);
    return history;
  }

  async #terminate(history: ProcessHistory): Promise<void> {
    const { process } = history;
    const askedAtMs = performance.now();
    // Set before it ends, so that its end is not taken for a crash.
    history.stop = { exit: "not started", tookMs: 0, databaseWasDisturbed: false, leftSending: 0 };
    process.signal("SIGTERM");
    const deadline = AbortSignal.timeout(stopDeadlineMs);
    deadline.addEventListener("abort", () => process.signal("SIGKILL"), { once: true });
    const exit = await process.exited;
    const tookMs = performance.now() - askedAtMs;
    const databaseWasDisturbed = this.#parts.watch.databaseWasDisturbed(askedAtMs);
    const leftSending = await this.#parts.watch.countLeft(process);
    history.stop = { exit, tookMs, databaseWasDisturbed, leftSending };
  }

  async #startAgain(downMs: number): Promise<void> {
    await sleep(downMs);
    if (!this.#closing) this.#current = this.#start();
  }

  #start(): ProcessHistory {
    const process = new LoggedProcess("run", this.#parts.settings);
    const history: ProcessHistory = {
      process,
      pauses: [],
      wasKilled: false,
      stop: null,
      endedByItself: null,
    };
    this.#parts.onStart(history);
    void process.exited.then(async (exit) => this.#ended(history, exit));
    return history;
  }

  /** A daemon that ends by itself is a violation, but the run continues with another. */
  async #ended(history: ProcessHistory, exit: Exit): Promise<void> {
    if (history.wasKilled || history.stop !== null || this.#closing) return;
    history.endedByItself = exit;
    await sleep(restartAfterMs);
    if (!this.#closing && this.#current === history) this.#current = this.#start();
  }
}
