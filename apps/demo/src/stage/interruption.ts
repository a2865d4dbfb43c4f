import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that ends the demonstration. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** The exit code of a shell for this signal. */
  readonly exitCode: number;

  constructor(signal: (typeof signals)[number]) {
    super(`Stopped by ${signal}. Nothing of it is left running.`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** The reader of the output is gone. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

/**
 * Everything that ends the demonstration early aborts its signal, once, with the reason. A second Ctrl-C does nothing:
 * ending the clean-up of the first would leave servers behind.
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
