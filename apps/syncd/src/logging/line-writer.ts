import type { DestinationStream } from "pino";

import { errorCodeOf } from "../error-code.ts";
import { openStandardOutput, type Outlet } from "./standard-output.ts";

/** How long a line waits for others, in milliseconds. */
const gatherMs = 10;

/** More than this is written without waiting. */
const gatheredCharacters = 16_384;

/** The most that waits for a reader; further lines are dropped. */
const bufferedCharacters = 262_144;

/** How soon a blocked outlet is tried again. */
const retryMs = 50;

/** How long the process's exit waits for a slow reader. */
const lastWaitMs = 1000;

export interface LineWriterOptions {
  /** @default standard output */
  readonly outlet?: Outlet;
  /** Called for each dropped line. */
  readonly onDropped: () => void;
  /** Called when lines are taken again, with the number dropped. */
  readonly onFlowing: (dropped: number) => void;
}

/**
 * Writes the lines of {@link gatherMs} milliseconds with one system call: a call for each line took a tenth of the daemon's
 * processor time. The process's exit writes what is left; only a kill can lose it.
 *
 * Never fails, and blocks only at the end, for at most a second: while nobody reads or the disk is full, lines wait in a
 * bounded buffer; when it is full, whole lines are dropped.
 */
export class LineWriter implements DestinationStream {
  readonly #outlet: Outlet;
  readonly #onDropped: () => void;
  readonly #onFlowing: (dropped: number) => void;
  #lines = "";
  /** Being written: may begin in the middle of a line. */
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

  /** Writes what is left; later lines are written at once. */
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
      // A full disk or a closed pipe will not recover within a second; a slow reader may.
      if (this.#empty() !== "EAGAIN") break;
      Atomics.wait(nobody, 0, 0, gatherMs);
    }
    this.#flush();
    clearTimeout(this.#timer);
  };

  /** @returns Null once everything is written; otherwise the error's code. */
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
