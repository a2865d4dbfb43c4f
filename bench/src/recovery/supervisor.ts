import { setTimeout as sleep } from "node:timers/promises";

import type { Child } from "../stage/child.ts";

/** As a service manager does it; the same for all. */
const restartAfterMs = 1000;
const retryAfterMs = 100;

/** Keeps one process of a queue running: whenever it ends, another one starts. */
export class Supervisor implements AsyncDisposable {
  readonly #start: () => Child;
  readonly #afterDeath: () => Promise<void>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #child: Child;
  #wasKilled = false;
  #endedByItself = 0;

  /** @param afterDeath Called before the next process starts. */
  constructor(start: () => Child, afterDeath: () => Promise<void>) {
    this.#start = start;
    this.#afterDeath = afterDeath;
    this.#child = start();
    this.#running = this.#run();
  }

  /** How often a process ended without being killed. */
  get endedByItself(): number {
    return this.#endedByItself;
  }

  /** The end of the output of the process that runs now. */
  get output(): string {
    return this.#child.output;
  }

  async ready(): Promise<void> {
    await this.#child.ready();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#wasKilled = true;
    this.#child.kill();
    await this.#child.exited();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#child.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      await this.#child.exited();
      if (signal.aborted) return;
      if (!this.#wasKilled) this.#endedByItself += 1;
      this.#wasKilled = false;
      await sleep(restartAfterMs, undefined, { signal }).catch(() => "closed");
      if (signal.aborted) return;
      await this.#recover(signal);
      if (signal.aborted) return;
      this.#child = this.#start();
    }
  }

  /** The database may be away, too: then it is done as soon as it is back. */
  async #recover(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isDone = await this.#afterDeath().then(
        () => true,
        () => false,
      );
      if (isDone) return;
      await sleep(retryAfterMs, undefined, { signal }).catch(() => "closed");
    }
  }
}
