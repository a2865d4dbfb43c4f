/** The lines of one kind that a window admits; the others are counted. */
const linesPerWindow = 20;
const windowMs = 60_000;

/** Beyond this many kinds, the message alone makes the kind. */
const mostKinds = 500;

/** Lines are of one kind if the message and these fields are equal. */
const kindFields = ["account", "status", "code", "fault", "kind", "collector", "task"] as const;

interface LineKind {
  readonly message: string;
  readonly level: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How many lines of a kind were not written. */
export interface LeftOut {
  readonly kind: LineKind;
  readonly leftOut: number;
}

interface Window {
  readonly kind: LineKind;
  readonly endsAtMs: number;
  written: number;
  leftOut: number;
}

/** Keeps an outage from filling the disk: repeated lines are written 20 times a minute, then counted. */
export class LineSampler {
  readonly #windows = new Map<string, Window>();

  /** Whether to write the line. */
  admits(level: number, message: string, fields: object, nowMs: number): boolean {
    const { kind, key } = this.#kindOf({ message, level, fields: pick(fields) });
    const window = this.#windows.get(key);
    if (window === undefined || nowMs >= window.endsAtMs) {
      // Carries over what the last window left out and nobody has taken yet.
      const unreported = window?.leftOut ?? 0;
      this.#windows.set(key, { kind, endsAtMs: nowMs + windowMs, written: 1, leftOut: unreported });
      return true;
    }
    if (window.written < linesPerWindow) {
      window.written += 1;
      return true;
    }
    window.leftOut += 1;
    return false;
  }

  #kindOf(kind: LineKind): { readonly kind: LineKind; readonly key: string } {
    const key = JSON.stringify(kind);
    if (this.#windows.size < mostKinds || this.#windows.has(key)) return { kind, key };
    const coarser = { ...kind, fields: {} };
    return { kind: coarser, key: JSON.stringify(coarser) };
  }

  /** Takes the counts of closed windows that left lines out; without `nowMs`, of all windows. */
  takeLeftOut(nowMs = Number.POSITIVE_INFINITY): readonly LeftOut[] {
    const over = [...this.#windows].filter(([, { endsAtMs }]) => nowMs >= endsAtMs);
    for (const [key] of over) this.#windows.delete(key);
    return over.map(([, { kind, leftOut }]) => ({ kind, leftOut })).filter(({ leftOut }) => leftOut > 0);
  }
}

function pick(fields: object): Readonly<Record<string, unknown>> {
  const entries = new Map<string, unknown>(Object.entries(fields));
  return Object.fromEntries(
    kindFields.flatMap((name) => (entries.has(name) ? [[name, entries.get(name)]] : [])),
  );
}
