import type { AuditedRow } from "../audit/evidence.ts";

type OnUnknown = AuditedRow["onUnknown"];

/** Customers' triggers concern one row in this many; the others must behave as usual. */
export const triggeredOneIn = 3;

/**
 * What people and customers' code did to rows. Recorded before the commit: if the connection breaks, the audit excuses a row
 * that was never touched rather than accusing the daemon.
 */
export class Meddling {
  readonly #removed = new Map<string, OnUnknown>();
  readonly #touched = new Set<string>();
  readonly #decided = new Set<string>();
  #triggers = 0;
  #reusedUpToId = 0;

  /** Deleted or truncated rows by number, with their `on_unknown`. */
  get removed(): ReadonlyMap<string, OnUnknown> {
    return this.#removed;
  }

  /** Rows whose id, fence or number was edited, or whose marks were set back, on the wire. */
  get touched(): ReadonlySet<string> {
    return this.#touched;
  }

  /** Rows whose status a person wrote. */
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

  /** A customer's trigger begins to concern rows. */
  trigger(): void {
    this.#triggers += 1;
  }

  /** Whether a customer's trigger may have kept a row from being marked. */
  isTriggered(id: string): boolean {
    return this.#triggers > 0 && BigInt(id) % BigInt(triggeredOneIn) === 0n;
  }

  /** An SQL condition, with its parameter, for rows that nobody changed without the daemon. */
  spared(parameter: string): { readonly condition: string; readonly value: readonly string[] } {
    const triggered = this.#triggers > 0 ? `id % ${triggeredOneIn} <> 0` : "true";
    return {
      condition: `(${triggered} and numero_dest <> all(${parameter}::text[]))`,
      value: [...this.#touched, ...this.#decided],
    };
  }
}
