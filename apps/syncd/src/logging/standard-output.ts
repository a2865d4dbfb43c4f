import { constants, fstatSync, openSync, writeSync } from "node:fs";
import { isatty } from "node:tty";

/** A destination of lines. */
export interface Outlet {
  /**
   * Writes as much as there is room for, without waiting.
   *
   * @returns The number of bytes written.
   * @throws The system's error if it takes none: EAGAIN while nobody reads.
   */
  readonly write: (bytes: Buffer) => number;
}

const standardOutput = 1;

/**
 * Opens standard output without blocking: otherwise a pipe that nobody reads, a slow reader or a terminal stopped by ^S
 * would stop the whole process at the next line.
 */
export function openStandardOutput(): Outlet {
  const descriptor = withoutBlocking();
  return { write: (bytes) => writeSync(descriptor, bytes) };
}

function withoutBlocking(): number {
  const mayBlock = isatty(standardOutput) || fstatSync(standardOutput).isFIFO();
  try {
    // Reopened, it has its own flags: other writers to the same pipe or terminal still block.
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    if (mayBlock) return openSync(`/proc/self/fd/${standardOutput}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    // Another user's pipe, for example in a container, or no /proc.
  }
  // Makes Node open it: a pipe or socket then no longer blocks.
  void process.stdout;
  return standardOutput;
}
