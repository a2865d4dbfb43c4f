/** Counts the consecutive 404s of each account, and locks its token at the limit. */
export class Lockout {
  readonly #limit: number;
  readonly #consecutive = new Map<string, number>();

  /** @param limit Consecutive 404s that lock; 0 = never. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  isLocked(idCliente: string): boolean {
    return this.#limit > 0 && (this.#consecutive.get(idCliente) ?? 0) >= this.#limit;
  }

  locked(): readonly string[] {
    return [...this.#consecutive.keys()].filter((idCliente) => this.isLocked(idCliente));
  }

  /** An answer that was a 404. */
  countNotFound(idCliente: string): void {
    this.#consecutive.set(idCliente, (this.#consecutive.get(idCliente) ?? 0) + 1);
  }

  /** Any other answer: it ends the run of 404s. */
  endRun(idCliente: string): void {
    if (this.#consecutive.size > 0) this.#consecutive.delete(idCliente);
  }

  unlockAll(): void {
    this.#consecutive.clear();
  }
}
