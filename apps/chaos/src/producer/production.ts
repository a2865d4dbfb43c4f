/** What the producers know of their rows, by each row's unique number. */
export class Production {
  readonly #committed = new Set<string>();
  readonly #uncertain = new Set<string>();
  readonly #absent = new Set<string>();

  /** The server has confirmed the commit. */
  get committed(): ReadonlySet<string> {
    return this.#committed;
  }

  /** The connection was lost before the server could confirm the commit. */
  get uncertain(): ReadonlySet<string> {
    return this.#uncertain;
  }

  /** Rolled back, refused, or skipped by `on conflict do nothing`. */
  get absent(): ReadonlySet<string> {
    return this.#absent;
  }

  commit(numbers: Iterable<string>): void {
    for (const number of numbers) this.#committed.add(number);
  }

  doubt(numbers: Iterable<string>): void {
    for (const number of numbers) this.#uncertain.add(number);
  }

  discard(numbers: Iterable<string>): void {
    for (const number of numbers) this.#absent.add(number);
  }
}
