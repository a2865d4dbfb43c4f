import type { AuditedRow } from "../audit/evidence.ts";

type OnUnknown = AuditedRow["onUnknown"];

/** Customers' triggers concern one row in so many: the others are neighbours, which have to be as ever. */
export const triggeredOneIn = 3;

/**
 * What people and customers' code did to rows. Noted before it is committed: where a connection breaks meanwhile, the
 * audit forgives a row for something that was never done to it, instead of accusing the daemon of it.
 */
export class Meddling {
  readonly #removed = new Map<string, OnUnknown>();
  readonly #touched = new Set<string>();
  readonly #decided = new Set<string>();
  #triggers = 0;
  #reusedUpToId = 0;

  /** Rows that were deleted or truncated, by number, and what they said of `on_unknown`. */
  get removed(): ReadonlyMap<string, OnUnknown> {
    return this.#removed;
  }

  /** Rows whose id, fence or number was written, or whose marks were set back, while they were on the wire. */
  get touched(): ReadonlySet<string> {
    return this.#touched;
  }

  /** Rows whose status a person has written. */
  get decided(): ReadonlySet<string> {
    return this.#decided;
  }

  /** Up to this id, rows may have had the id of another row before a truncate. */
  get reusedUpToId(): number {
    return this.#reusedUpToId;
  }

  remove(rows: Iterable<{ readonly numero: string; readonly onUnknown: OnUnknown }>): void {
    for (const { numero, onUnknown } of rows) this.#removed.set(numero, onUnknown);
  }

  restartIds(largestId: number): void {
    this.#reusedUpToId = Math.max(this.#reusedUpToId, largestId);
  }

  touch(numbers: Iterable<string>): void {
    for (const numero of numbers) this.#touched.add(numero);
  }

  decide(numbers: Iterable<string>): void {
    for (const numero of numbers) this.#decided.add(numero);
  }

  /** A trigger of a customer's begins to concern rows. */
  trigger(): void {
    this.#triggers += 1;
  }

  /** Whether a customer's trigger may have kept a row from being marked. */
  isTriggered(id: string): boolean {
    return this.#triggers > 0 && BigInt(id) % BigInt(triggeredOneIn) === 0n;
  }

  /** An SQL condition for the rows of which nobody has made anything that the daemon does not know of, and its parameter. */
  spared(parameter: string): { readonly condition: string; readonly value: readonly string[] } {
    const triggered = this.#triggers > 0 ? `id % ${triggeredOneIn} <> 0` : "true";
    return {
      condition: `(${triggered} and numero_dest <> all(${parameter}::text[]))`,
      value: [...this.#touched, ...this.#decided],
    };
  }
}
