import type { OldestHolder } from "@talkme/outbox/daemon";

export interface OldestSnapshot extends OldestHolder {
  /** Since its transaction began; if that is not visible, since it was first seen here. */
  readonly openSeconds: number;
}

/**
 * Remembers when a holder was first seen with the same snapshot: PostgreSQL may hide when other users' sessions began,
 * and never shows it for a standby. A healthy standby keeps renewing its snapshot.
 */
export class SnapshotWatch {
  #holder = "";
  #sinceMs = 0;

  see(found: OldestHolder | null, nowMs: number): OldestSnapshot | null {
    const holder = found === null ? "" : `${found.kind} ${found.pid} ${found.application} ${found.xmin}`;
    if (holder !== this.#holder) {
      this.#holder = holder;
      this.#sinceMs = nowMs;
    }
    if (found === null) return null;
    return { ...found, openSeconds: found.openSeconds ?? (nowMs - this.#sinceMs) / 1000 };
  }
}

/** For people, in `/readyz?verbose`. */
export function describeSnapshot(snapshot: OldestSnapshot | null): object | null {
  if (snapshot === null) return null;
  const { kind, pid, application, openSeconds, ageTransactions } = snapshot;
  return {
    kind,
    pid,
    application: labelOf(application),
    open_seconds: Math.round(openSeconds),
    age_transactions: ageTransactions,
  };
}

/** An application's name as a label: short, and without anything that could be a telephone number. */
export function labelOf(application: string): string {
  return (
    application
      .slice(0, 64)
      .replaceAll(/[^\w .:@/-]/g, "?")
      // Eight digits, whatever stands between them: +55 (11) 98888-7777.
      .replaceAll(/\d(?:[^0-9A-Za-z]*\d){7,}/g, "#")
  );
}
