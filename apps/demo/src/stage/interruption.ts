import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Somebody wants the demonstration to end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** As a shell reports a process that ended by this signal. */
  readonly exitCode: number;

  constructor(signal: (typeof signals)[number]) {
    super(`Stopped by ${signal}. Nothing of it is left running.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Nobody reads the output any more. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

/**
 * Everything that ends the demonstration early: its signal is aborted with the reason, once. A second Ctrl-C does
 * nothing, because the first one is already cleaning up, and what would be left behind are servers.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #handlers = signals.map((name) => ({
    name,
    handler: () => this.interrupt(new Interrupted(name)),
  }));

  constructor() {
    for (const { name, handler } of this.#handlers) process.on(name, handler);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  interrupt(reason: Error): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    for (const { name, handler } of this.#handlers) process.off(name, handler);
  }
}
