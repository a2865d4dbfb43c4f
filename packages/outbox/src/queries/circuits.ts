import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { CircuitKind } from "../status.ts";

/** An account's circuit as it stands in the database; an account without a row has a closed one. */
export interface CircuitRecord {
  readonly account: string;
  /** Empty: for every instance that sends for the account. Otherwise the hash of a token: for those that use it. */
  readonly credential: string;
  /** The instance whose token the API refused; null where it is no longer registered, and with all others. */
  readonly reportedBy: string | null;
  /** Grows with each change. */
  readonly version: number;
  /** Grows when less is allowed than before. */
  readonly alarms: number;
  readonly notFounds: number;
  readonly troubles: number;
  /** Null while it is closed. */
  readonly kind: CircuitKind | null;
  /** Milliseconds until one row may try it; zero or less: now. Null while it is closed. */
  readonly halfOpenInMs: number | null;
  readonly slowdown: number;
  /** Milliseconds since the last 429; null where there was none. */
  readonly throttledAgoMs: number | null;
  /** The instance that may try a row. */
  readonly trialBy: string | null;
  /** False if that instance is no longer registered. */
  readonly trialAlive: boolean;
}

/** What an account's circuit is to become. Times are relative to the database's now. */
export interface CircuitChange extends Omit<CircuitRecord, "trialAlive" | "version" | "alarms"> {
  /** The version that the change was computed from; 0 if there was no row. */
  readonly expectedVersion: number;
  /** Whether less is allowed than before. */
  readonly alarm: boolean;
}

/** All circuits that are known; versions and alarms as JavaScript numbers. */
export async function readCircuits(db: Kysely<OutboxDatabase>): Promise<readonly CircuitRecord[]> {
  const { rows } = await sql<{ circuits: readonly CircuitRecord[] }>`
    select coalesce(json_agg(circuit), '[]') as circuits from talkme.read_circuits() as circuit
  `.execute(db);
  return rows[0]?.circuits ?? [];
}

/**
 * Writes a circuit over the state that it was computed from.
 *
 * @returns The new version and number of alarms; null if somebody else was faster: read it and compute again.
 */
export async function saveCircuit(
  db: Kysely<OutboxDatabase>,
  change: CircuitChange,
): Promise<{ readonly version: number; readonly alarms: number } | null> {
  const { rows } = await sql<{ saved: { version: number; alarms: number } }>`
    insert into talkme.circuit as c (
      account, credential, reported_by, version, alarms, not_founds, troubles, kind, opened_at, half_open_at, slowdown,
      throttled_at, trial_by
    )
    values (
      ${change.account}, ${change.credential}, ${change.reportedBy}, 1, ${change.alarm}::boolean::integer, ${change.notFounds}, ${change.troubles}, ${change.kind},
      case when ${change.kind}::text is not null then clock_timestamp() end,
      clock_timestamp() + ${change.halfOpenInMs}::double precision * interval '1 millisecond',
      ${change.slowdown},
      clock_timestamp() - ${change.throttledAgoMs}::double precision * interval '1 millisecond',
      ${change.trialBy}
    )
    on conflict (account, credential) do update set
      reported_by  = coalesce(excluded.reported_by, c.reported_by),
      version      = c.version + 1,
      alarms       = c.alarms + excluded.alarms,
      not_founds   = excluded.not_founds,
      troubles     = excluded.troubles,
      kind         = excluded.kind,
      opened_at    = case when excluded.kind = c.kind then c.opened_at else excluded.opened_at end,
      half_open_at = excluded.half_open_at,
      slowdown     = excluded.slowdown,
      throttled_at = excluded.throttled_at,
      trial_by     = excluded.trial_by
    where c.version = ${change.expectedVersion}
    returning json_build_object('version', version, 'alarms', alarms) as saved
  `.execute(db);
  return rows[0]?.saved ?? null;
}
