import { pino, type DestinationStream } from "pino";

/** How long a line waits for others, in milliseconds. */
const gatherMs = 10;

/** More than this is written at once. */
const gatheredCharacters = 16_384;

/**
 * Writes the lines of {@link gatherMs} milliseconds with one system call: one for each line took a tenth of the daemon's
 * processor time. What is left when the process exits is written then; only a kill can lose it.
 */
export class LineWriter implements DestinationStream {
  readonly #destination: DestinationStream;
  #lines = "";
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(destination: DestinationStream = pino.destination({ fd: process.stdout.fd, sync: true })) {
    this.#destination = destination;
    process.on("exit", this.#flush);
  }

  write(line: string): void {
    if (this.#ended) {
      this.#destination.write(line);
      return;
    }
    this.#lines += line;
    if (this.#lines.length >= gatheredCharacters) this.#flush();
    else this.#timer ??= setTimeout(this.#flush, gatherMs);
  }

  /** From now on every line is written at once. */
  end(): void {
    this.#ended = true;
    process.off("exit", this.#flush);
    this.#flush();
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = "";
    if (lines !== "") this.#destination.write(lines);
  };
}
