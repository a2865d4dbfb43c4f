import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { patiently, type Patience } from "./patience.ts";
import type { Settlement } from "./turn.ts";

/**
 * Records that a message was accepted whose row cannot say so now: if the instance dies, whoever rescues the row does not send it
 * again. Does nothing if that is recorded already, or if the attempt was not accepted.
 */
export async function recordAccepted(
  db: Kysely<OutboxDatabase>,
  { id, fence, claim, claimedBy, httpStatus, reference, attempt }: Settlement,
  patience: Patience,
): Promise<void> {
  if (attempt?.outcome !== "accepted") return;
  await patiently(db, patience, (transaction) =>
    sql`
      insert into talkme.attempt (
        outbox_id, attempt, account, action, started_at, duration_ms, outcome, http_status, reference, instance,
        claim
      )
      select
        ${id}::bigint, ${fence}::integer, ${attempt.account}, ${attempt.action},
        now() - ${attempt.ageMs}::double precision * interval '1 millisecond', ${attempt.durationMs}::integer, ${attempt.outcome},
        ${httpStatus}::smallint,
        case when exists (select from talkme.outbox where id = ${id}::bigint and blanked_at is null) then ${reference}::text end,
        ${claimedBy}, ${claim}::bigint
      where not exists (
        select from talkme.attempt as t
        where t.outbox_id = ${id}::bigint and t.claim = ${claim}::bigint and t.instance = ${claimedBy}
          and t.started_at > now() - interval '1 day'
      )
    `.execute(transaction),
  );
}
