import { constants, fstatSync, openSync, writeSync } from "node:fs";
import { isatty } from "node:tty";

/** Where lines go. */
export interface Outlet {
  /**
   * Writes as much as there is room for, and waits for nothing.
   *
   * @returns How many bytes were written.
   * @throws What the system says where it takes none: EAGAIN where nobody reads at the moment.
   */
  readonly write: (bytes: Buffer) => number;
}

const standardOutput = 1;

/**
 * Standard output as one that never blocks. A pipe that nobody reads, a slow reader and a terminal that was stopped with ^S
 * would each stop the whole process at the next line.
 */
export function openStandardOutput(): Outlet {
  const descriptor = withoutBlocking();
  return { write: (bytes) => writeSync(descriptor, bytes) };
}

function withoutBlocking(): number {
  const mayBlock = isatty(standardOutput) || fstatSync(standardOutput).isFIFO();
  try {
    // Opened anew it has flags of its own: other processes that write to the same pipe or terminal go on blocking.
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    if (mayBlock) return openSync(`/proc/self/fd/${standardOutput}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    // Another user's pipe, as in a container, or no /proc.
  }
  // What Node makes of a pipe or socket does not block; files it leaves as they are.
  void process.stdout;
  return standardOutput;
}
