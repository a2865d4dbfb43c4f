import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { told } from "./without-standby.ts";

/** Whether the database is the one in which the messages were marked, as acknowledged in `talkme.history`. */
export interface HistoryState {
  /** Whether it is another one: then nothing is claimed until somebody acknowledges it. */
  readonly changed: boolean;
  /** The change that an instance has noticed, as a name for it; null where there is none. */
  readonly change: string | null;
  /** When it was noticed, by the database's clock, in seconds since 1970; null where there is none. */
  readonly noticedAtSeconds: number | null;
  /** What was acknowledged last. Null where the server forbids to read it. */
  readonly was: ServerIdentity;
  readonly is: ServerIdentity;
  /** Claims that living instances remember and the database has lost. */
  readonly missingClaims: number;
  /** `standby`: instances that do not wait for a standby claim nothing. */
  readonly claimDurability: "local" | "standby";
  /** What to do about a change, in sentences; null where there is none. */
  readonly notice: string | null;
  readonly noticeInPortuguese: string | null;
}

/** What a promotion, a restore or a copy changes. */
export interface ServerIdentity {
  readonly systemIdentifier: string | null;
  readonly timeline: string | null;
}

/** Reads it and changes nothing. */
export async function readHistoryState(db: Kysely<OutboxDatabase>): Promise<HistoryState> {
  const { rows } = await sql<
    Omit<HistoryState, "was" | "is"> & {
      wasIdentifier: string | null;
      wasTimeline: string | null;
      identifier: string | null;
      timeline: string | null;
    }
  >`
    select
      changed, changed_at::text as change, extract(epoch from changed_at)::double precision as "noticedAtSeconds",
      was_system_identifier::text as "wasIdentifier", was_timeline as "wasTimeline",
      system_identifier::text as identifier, timeline,
      missing_claims::integer as "missingClaims", claim_durability as "claimDurability", talkme.history_notice('en') as notice,
      talkme.history_notice('pt-BR') as "noticeInPortuguese"
    from talkme.history_state()
  `.execute(db);
  const [state] = rows;
  if (state === undefined) throw new Error("talkme.history_state() returned nothing.");
  const { wasIdentifier, wasTimeline, identifier, timeline, ...rest } = state;
  return {
    ...rest,
    was: { systemIdentifier: wasIdentifier, timeline: wasTimeline },
    is: { systemIdentifier: identifier, timeline },
  };
}

/**
 * Compares the server with the acknowledged one, and notes a change in the database.
 *
 * @returns Whether a change waits for somebody, and the era: {@link enterEra}.
 */
export async function checkHistory(
  db: Kysely<OutboxDatabase>,
): Promise<{ readonly changed: boolean; readonly era: string | null; readonly complete: boolean }> {
  const { rows } = await sql<{ changed: boolean; era: string | null; complete: boolean }>`
    with ${told}, checked as materialized (select h.* from told, talkme.check_history() as h)
    select checked.changed, checked.era, coalesce((select h.complete from talkme.history as h), false) as complete
    from checked
  `.execute(db);
  const [state] = rows;
  if (state === undefined) throw new Error("talkme.check_history() returned nothing.");
  return state;
}

/**
 * The instance goes on in an era: only now does it claim again. What it asked for earlier claims nothing any more.
 *
 * @param epoch Higher than any before: see {@link beginEpoch}.
 * @returns How many of its heartbeats this database has; null if it was declared dead. Those that a change has lost count no more,
 *   and also an instance that was registered during the change is a witness of the next one.
 */
export async function enterEra(
  db: Kysely<OutboxDatabase>,
  name: string,
  era: string | null,
  epoch: number,
): Promise<number | null> {
  const { rows } = await sql<{ beats: number }>`
    with ${told}
    update talkme.instance set era = ${era}::uuid, epoch = greatest(epoch, ${epoch}), is_witness = true
    from told where name = ${name}
    returning beats
  `.execute(db);
  return rows[0]?.beats ?? null;
}

/**
 * Says that the instance has written down what it remembers of before the change, and how many of its claims are lost.
 *
 * @param beats How many of its heartbeats were answered under this name: they show whether the database went back further.
 */
export async function testify(
  db: Kysely<OutboxDatabase>,
  name: string,
  missing: number,
  beats: number,
): Promise<void> {
  await sql`with ${told} select talkme.testify(${name}, ${missing}, ${beats}) from told`.execute(db);
}

/** Acknowledges a failover in which no claim can have been lost; returns whether it did. */
export async function confirmHistory(db: Kysely<OutboxDatabase>): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    with ${told} select talkme.confirm_history() as done from told
  `.execute(db);
  return rows[0]?.done ?? false;
}

/** Notes that a standby confirms every claim, where that is so: from then on instances with `local` claim nothing. */
export async function raiseClaimDurability(db: Kysely<OutboxDatabase>): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    with ${told} select talkme.raise_claim_durability() as done from told
  `.execute(db);
  return rows[0]?.done ?? false;
}
