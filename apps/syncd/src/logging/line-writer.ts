import type { DestinationStream } from "pino";

import { errorCodeOf } from "../error-code.ts";
import { openStandardOutput, type Outlet } from "./standard-output.ts";

/** How long a line waits for others, in milliseconds. */
const gatherMs = 10;

/** More than this is written at once. */
const gatheredCharacters = 16_384;

/** The most that waits for a reader; what comes then is dropped. */
const bufferedCharacters = 262_144;

/** How often an outlet that took nothing is tried again. */
const retryMs = 50;

/** How long the process's end waits for a reader that is slow. */
const lastWaitMs = 1000;

export interface LineWriterOptions {
  /** @default standard output */
  readonly outlet?: Outlet;
  /** A line was dropped, because nobody takes them. */
  readonly onDropped: () => void;
  /** Lines are taken again, after so many were dropped. */
  readonly onFlowing: (dropped: number) => void;
}

/**
 * Writes the lines of {@link gatherMs} milliseconds with one system call: one for each line took a tenth of the daemon's
 * processor time. What is left when the process exits is written then; only a kill can lose it.
 *
 * Never blocks and never fails, but for a second at the end: while nobody reads, or the disk is full, lines wait in a bounded
 * buffer, and then whole lines are dropped.
 */
export class LineWriter implements DestinationStream {
  readonly #outlet: Outlet;
  readonly #onDropped: () => void;
  readonly #onFlowing: (dropped: number) => void;
  #lines = "";
  /** Begun to be written, and not yet taken: its first byte may be in the middle of a line. */
  #rest: Buffer | null = null;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor({ outlet = openStandardOutput(), onDropped, onFlowing }: LineWriterOptions) {
    this.#outlet = outlet;
    this.#onDropped = onDropped;
    this.#onFlowing = onFlowing;
    process.on("exit", this.#finish);
  }

  write(line: string): void {
    if (this.#rest !== null && this.#lines.length + line.length > bufferedCharacters) {
      this.#dropped += 1;
      this.#onDropped();
      return;
    }
    this.#lines += line;
    if (this.#rest !== null) return;
    if (this.#ended || this.#lines.length >= gatheredCharacters) this.#flush();
    else this.#timer ??= setTimeout(this.#flush, gatherMs);
  }

  /** From now on every line is written at once. */
  end(): void {
    this.#ended = true;
    process.off("exit", this.#finish);
    this.#finish();
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#empty() !== null) {
      this.#timer = setTimeout(this.#flush, retryMs).unref();
      return;
    }
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) this.#onFlowing(dropped);
  };

  readonly #finish = (): void => {
    const untilMs = performance.now() + lastWaitMs;
    const nobody = new Int32Array(new SharedArrayBuffer(4));
    this.#flush();
    while (this.#rest !== null && performance.now() < untilMs) {
      // A full disk or a closed pipe will take nothing within a second; somebody who reads may.
      if (this.#empty() !== "EAGAIN") break;
      Atomics.wait(nobody, 0, 0, gatherMs);
    }
    this.#flush();
    clearTimeout(this.#timer);
  };

  /** @returns Null once all is written; else why it is not. */
  #empty(): string | null {
    for (;;) {
      if (this.#rest === null) {
        if (this.#lines === "") return null;
        this.#rest = Buffer.from(this.#lines);
        this.#lines = "";
      }
      try {
        const { length } = this.#rest;
        const written = this.#outlet.write(this.#rest);
        this.#rest = written < length ? this.#rest.subarray(written) : null;
      } catch (error) {
        return errorCodeOf(error) ?? "unknown";
      }
    }
  }
}
