/** So many lines of one kind are written in a window; the rest of it is counted. */
const linesPerWindow = 20;
const windowMs = 60_000;

/** Of more kinds at a time, the fields that tell them apart are not looked at. */
const mostKinds = 500;

/** What makes two lines lines of one kind: the message, and those of its fields that say what is the matter. */
const kindFields = ["account", "status", "code", "fault", "kind", "collector", "task"] as const;

interface LineKind {
  readonly message: string;
  readonly level: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** So many lines of a kind that were not written. */
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

/** Keeps an outage from filling the disk: what repeats itself is written 20 times a minute, and then counted. */
export class LineSampler {
  readonly #windows = new Map<string, Window>();

  /** Whether the line is to be written. */
  admits(level: number, message: string, fields: object, nowMs: number): boolean {
    const { kind, key } = this.#kindOf({ message, level, fields: pick(fields) });
    const window = this.#windows.get(key);
    if (window === undefined || nowMs >= window.endsAtMs) {
      // What the last window left out is told before it is forgotten.
      const untold = window?.leftOut ?? 0;
      this.#windows.set(key, { kind, endsAtMs: nowMs + windowMs, written: 1, leftOut: untold });
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

  /** The kinds whose window is over and of which lines were left out, with how many; all of them at the end. */
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
