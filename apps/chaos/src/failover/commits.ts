import { Production } from "../producer/production.ts";

/** What the producers know of their commits, for the audit and in figures. */
export class Commits {
  /** Committed means here: a standby has confirmed it. All other commits are uncertain. */
  readonly production = new Production();
  readonly #unconfirmed = new Set<string>();

  /** The server said that they are committed, and no standby has confirmed it: a failover may lose them. */
  get unconfirmed(): ReadonlySet<string> {
    return this.#unconfirmed;
  }

  confirm(numbers: readonly string[]): void {
    this.production.commit(numbers);
  }

  leaveUnconfirmed(numbers: readonly string[]): void {
    this.production.doubt(numbers);
    for (const number of numbers) this.#unconfirmed.add(number);
  }

  lose(numbers: readonly string[]): void {
    this.production.doubt(numbers);
  }
}
