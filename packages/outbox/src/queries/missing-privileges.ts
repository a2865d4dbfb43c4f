import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Everything that the daemon's statements need, as the sources in sql/ grant it to talkme_daemon. */
const needed: readonly { readonly on: string; readonly privileges: readonly string[] }[] = [
  { on: "talkme.outbox", privileges: ["SELECT"] },
  { on: "talkme.attempt", privileges: ["SELECT", "INSERT"] },
  { on: "talkme.instance", privileges: ["SELECT", "INSERT", "UPDATE", "DELETE"] },
  { on: "talkme.history", privileges: ["SELECT"] },
  ...["batch", "batches", "campaigns"].map((shown) => ({ on: `talkme.${shown}`, privileges: ["SELECT"] })),
  { on: "talkme.gap_claim", privileges: ["SELECT", "INSERT", "UPDATE"] },
  { on: "talkme.circuit", privileges: ["SELECT", "INSERT", "UPDATE"] },
  { on: "talkme.lane", privileges: ["SELECT", "INSERT", "UPDATE"] },
  { on: "talkme.pace", privileges: ["SELECT", "INSERT", "UPDATE"] },
  ...["account", "campaign", "holiday", "area", "paused", "suppression"].map((settings) => ({
    on: `talkme.${settings}`,
    privileges: ["SELECT"],
  })),
];

/** The columns of talkme.outbox that it writes; a grant on the whole table also serves. */
const written: readonly string[] = [
  "status",
  "attempts",
  "fence",
  "claim",
  "retry_at",
  "claimed_by",
  "claimed_at",
  "finished_at",
  "http_status",
  "reference",
  "response",
  "error_code",
  "error",
];

/** The functions that it calls. */
const called: readonly string[] = [
  "talkme.read_queue(text[], text[], integer[], integer, text[], integer)",
  "talkme.read_circuits()",
  "talkme.judge_claimer(text)",
  "talkme.judge_era(uuid)",
  "talkme.check_history(text)",
  "talkme.history_state()",
  "talkme.history_notice(text)",
  "talkme.server_identity()",
  "talkme.recall_claims(json)",
  "talkme.testify(text, bigint, integer)",
  "talkme.confirm_history()",
  "talkme.raise_claim_durability()",
  "talkme.judge_wishes(json, text)",
  "talkme.lane_parts(text)",
  "talkme.scopes_of(text, text, text)",
  "talkme.seal(text, text)",
  "talkme.refuse_rewriting(text)",
  "talkme.settle_others(json)",
  "talkme.can_claim(text)",
  "talkme.claims_confirmed(bigint)",
  "talkme.pick_restricted(json, text, bigint, integer)",
  "talkme.end_or_put_off(talkme.fate[], jsonb, text)",
  "talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text)",
  "talkme.refuse_contradiction(talkme.outbox)",
  "talkme.refuse_edit(talkme.outbox, talkme.outbox)",
  "talkme.create_attempt_partitions(integer)",
  "talkme.apply_retention(integer, interval)",
  "talkme.roll_up(timestamptz, interval)",
  "talkme.configure_account(text, text, interval, interval)",
  "talkme.below_retention_floor(text, interval, interval)",
  "talkme.opens_at(int4multirange, text, timestamptz)",
  "talkme.first_opening(int4multirange, timestamptz)",
  "talkme.last_opening(int4multirange, timestamptz)",
  "talkme.notify_daemon(text)",
  "talkme.sequences_behind()",
  "talkme.silent_captures()",
  "talkme.count_batch(bigint)",
  "talkme.count_campaigns()",
];

/** The privileges that the daemon needs and the current user lacks, such as `UPDATE (status) on talkme.outbox`. */
export async function listMissingPrivileges(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  const { rows } = await sql<{ missing: string }>`
    select privilege || ' on ' || need.on as missing
    from json_to_recordset(${JSON.stringify(needed)}::json) as need ("on" text, privileges text[])
    cross join unnest(privileges) as privilege
    where not has_table_privilege(need.on, privilege)
    union all
    select 'UPDATE (' || string_agg("column", ', ') || ') on talkme.outbox'
    from unnest(${written}::text[]) as "column"
    where not has_column_privilege('talkme.outbox', "column", 'UPDATE')
    having count(*) > 0
    union all
    select 'EXECUTE on ' || function
    from unnest(${called}::text[]) as function
    where not has_function_privilege(function, 'EXECUTE')
  `.execute(db);
  return rows.map(({ missing }) => missing);
}
