import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { told, withoutStandby } from "./without-standby.ts";

/** Where a claim has to be on disk before its request is made: `talkme.instance.durability`. */
export const durabilities = ["local", "standby"] as const;
export type Durability = (typeof durabilities)[number];

/** What an instance says about itself. */
export interface InstanceIdentity {
  readonly name: string;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly leaseSeconds: number;
  /** How long one of its requests may take; rounded up. Default: 0. */
  readonly requestSeconds?: number;
  /** Default: `local`. */
  readonly durability?: Durability;
  /** The accounts that it is configured for: `talkme.explain` names a row's account that no instance has. Default: not said. */
  readonly accounts?: readonly string[] | null;
}

/** What a registration finds out. */
export interface RegisteredInstance {
  /** Names what is claimed until the next change of the database's history: {@link checkHistory}. Null: the first. */
  readonly era: string | null;
}

/**
 * Registers an instance: from now on it may claim, and has to send heartbeats. The first registration of all acknowledges the
 * database as the one in which messages are marked. With `standby` its commit waits for no standby, so that the instance can say
 * what is missing: the confirmation of any later commit confirms the registration.
 */
export async function registerInstance(
  db: Kysely<OutboxDatabase>,
  identity: InstanceIdentity,
): Promise<RegisteredInstance> {
  const { name, version, host, pid, leaseSeconds, requestSeconds = 0, durability = "local" } = identity;
  const accounts = identity.accounts ?? null;
  // A missing confirmation by a standby is only a warning, which some roles do not get.
  const { rows } = await sql<RegisteredInstance>`
    with told as materialized (
      select case when current_setting('client_min_messages') = 'error' then
        set_config('client_min_messages', 'warning', true)
      end as setting, case when ${durability} = 'standby' then ${withoutStandby} end as commit
    ),
    checked as materialized (select * from talkme.check_history(${durability}))
    insert into talkme.instance (name, version, host, pid, lease_seconds, request_seconds, durability, era, is_witness, accounts)
    select ${name}, ${version}, ${host}, ${pid}::integer, ${leaseSeconds}::integer, ${Math.ceil(requestSeconds)}::integer, ${durability}, checked.era, not checked.changed,
      ${accounts}::text[]
    from told, checked
    returning era
  `.execute(db);
  return { era: rows[0]?.era ?? null };
}

/**
 * Says that the instance is alive, by the database's clock.
 *
 * @param listening Whether it wants to be notified of inserts, in case a late statement has left something else; null while
 *   another statement is about to say it.
 * @param epoch The instance's own: a failover may have lost the statement that began it, and claims of an epoch that the database
 *   does not know claim nothing.
 * @returns How long ago its last sign of life was, in milliseconds of the database's clock; null if it was declared dead.
 */
export async function sendHeartbeat(
  db: Kysely<OutboxDatabase>,
  name: string,
  listening: boolean | null = null,
  epoch = 0,
): Promise<number | null> {
  const { rows } = await sql<{ ms: number }>`
    with last as materialized (select heartbeat_at, ${withoutStandby} from talkme.instance where name = ${name})
    update talkme.instance set
      heartbeat_at = now(), beats = beats + 1, listening = coalesce(${listening}::boolean, listening),
      epoch = greatest(epoch, ${epoch}::integer)
    where name = ${name}
    returning (extract(epoch from now() - (select heartbeat_at from last)) * 1000)::double precision as ms
  `.execute(db);
  return rows[0]?.ms ?? null;
}

/**
 * Begins a new epoch: what the instance asked for in an earlier one claims nothing any more. A statement of unknown fate may be
 * committed much later.
 */
export async function beginEpoch(db: Kysely<OutboxDatabase>, name: string, epoch: number): Promise<void> {
  // This statement may be late, too.
  await sql`
    with ${told}
    update talkme.instance set epoch = greatest(epoch, ${epoch}) from told where name = ${name}
  `.execute(db);
}

/** Says whether the instance is idle and wants to be notified of inserts. */
export async function setListening(
  db: Kysely<OutboxDatabase>,
  name: string,
  listening: boolean,
): Promise<void> {
  await db.updateTable("talkme.instance").set({ listening }).where("name", "=", name).execute();
}

/** Unregisters the instance: a clean stop. */
export async function unregisterInstance(db: Kysely<OutboxDatabase>, name: string): Promise<void> {
  await sql`
    with ${told}
    delete from talkme.instance using told where name = ${name}
  `.execute(db);
}

/** An instance as people see it. */
export interface InstanceReport {
  readonly name: string;
  readonly version: string;
  readonly startedAt: Date;
  /** Whether it gave a sign of life within its lease. One that did not sends nothing any more, whatever it holds. */
  readonly alive: boolean;
  readonly silentSeconds: number;
  readonly inFlight: number;
  /** Where its claims have to be on disk before their requests are made. */
  readonly durability: Durability;
}

/** The registered instances, the oldest first. */
export async function listInstances(db: Kysely<OutboxDatabase>): Promise<readonly InstanceReport[]> {
  const { rows } = await sql<Omit<InstanceReport, "startedAt"> & { startedAtMs: number }>`
    select
      i.name, i.version, i.durability, (extract(epoch from i.started_at) * 1000)::double precision as "startedAtMs",
      i.heartbeat_at >= now() - i.lease_seconds * interval '1 second' as alive,
      extract(epoch from now() - i.heartbeat_at)::double precision as "silentSeconds",
      (select count(*)::integer from talkme.outbox as o where o.status = 'sending' and o.claimed_by = i.name) as "inFlight"
    from talkme.instance as i
    order by i.started_at, i.name
  `.execute(db);
  // Not as a text in the session's DateStyle, which the driver may be unable to read.
  return rows.map(({ name, version, alive, silentSeconds, inFlight, startedAtMs, durability }) => ({
    name,
    version,
    startedAt: new Date(startedAtMs),
    alive,
    silentSeconds,
    inFlight,
    durability,
  }));
}
