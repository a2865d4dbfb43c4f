import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { blame } from "./blame.ts";
import { turnPatience } from "./patience.ts";
import { withoutStandby } from "./without-standby.ts";

/** A request for times at which messages of a scope may be sent. */
export interface SlotWish {
  /** `account:NAME`, `campaign:ID` or `channel:ID`. */
  readonly scope: string;
  readonly ratePerSecond: number;
  readonly count: number;
}

/** The times that were reserved: `count` of them, `1 / ratePerSecond` seconds apart. */
export interface SlotGrant {
  readonly scope: string;
  /** Milliseconds until the first one, by the database's clock; below zero if it lies in the past. */
  readonly startsInMs: number;
}

/**
 * Reserves the next times of each scope for one instance; no two instances get the same. A scope that was not used recently begins
 * `creditMs` in the past, which lets a few messages go at once.
 *
 * @returns Nothing for a scope that somebody keeps locked.
 */
export async function reserveSlots(
  db: Kysely<OutboxDatabase>,
  wishes: readonly SlotWish[],
  creditMs: number,
): Promise<readonly SlotGrant[]> {
  try {
    return await reserve(db, wishes, creditMs, false);
  } catch (error) {
    if (blame(error) !== "wait") throw error;
    return reserve(db, wishes, creditMs, true);
  }
}

async function reserve(
  db: Kysely<OutboxDatabase>,
  wishes: readonly SlotWish[],
  creditMs: number,
  aroundLocks: boolean,
): Promise<readonly SlotGrant[]> {
  const { rows } = await sql<SlotGrant>`
    with patience as materialized (
      select set_config('lock_timeout', ${`${turnPatience.lockMs}ms`}, true) as ms, ${withoutStandby} as commit
    ),
    free as materialized (
      select p.scope from talkme.pace as p
      where ${aroundLocks}::boolean and p.scope in (select w.scope from json_to_recordset(${JSON.stringify(wishes)}::json) as w (scope text))
      for update skip locked
    ),
    wish as materialized (
      select scope, count * interval '1 second' / "ratePerSecond" as span, interval '1 second' / "ratePerSecond" as one
      from patience, json_to_recordset(${JSON.stringify(wishes)}::json) as wish (
        scope text, "ratePerSecond" double precision, count integer
      )
      where patience.ms is not null and (
        not ${aroundLocks}::boolean or scope in (select free.scope from free)
        or not exists (select from talkme.pace as p where p.scope = wish.scope)
      )
    ),
    reserved as (
      -- In one order everywhere, so that two instances that reserve the same scopes never deadlock.
      insert into talkme.pace as p (scope, next_at)
      select scope, clock_timestamp() - ${creditMs} * interval '1 millisecond' + span from wish order by scope
      on conflict (scope) do update set next_at = greatest(
        -- A rate that was much slower until now has left a time that is far away.
        least(p.next_at, clock_timestamp() + greatest(interval '30 seconds', (select 100 * one from wish where wish.scope = p.scope))),
        clock_timestamp() - ${creditMs} * interval '1 millisecond'
      ) + (select span from wish where wish.scope = p.scope)
      returning scope, next_at
    )
    select
      scope,
      (extract(epoch from reserved.next_at - wish.span - clock_timestamp()) * 1000)::double precision as "startsInMs"
    from reserved join wish using (scope)
  `.execute(db);
  return rows;
}
