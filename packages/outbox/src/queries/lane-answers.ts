import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What the API's last answer says about a lane. */
export interface LaneAnswer {
  readonly lane: string;
  readonly account: string;
  /** Answers 404 in a row; 0: it took the message, or answered in words that no rule knows. */
  readonly notFounds: number;
  /** Milliseconds for which the lane's rows wait because of them, or of such words; 0 if it took the message. */
  readonly quietForMs: number;
}

/** Records what the API said about lanes, for all instances. */
export async function saveLaneAnswers(
  db: Kysely<OutboxDatabase>,
  answers: readonly LaneAnswer[],
): Promise<void> {
  // In one order everywhere, so that two instances that save the same lanes never deadlock.
  await sql`
    insert into talkme.lane (lane, account, accepted_at, not_founds, quiet_until)
    select
      lane, account, case when "notFounds" = 0 and "quietForMs" = 0 then now() end, "notFounds",
      case when "quietForMs" > 0 then now() + "quietForMs" * interval '1 millisecond' end
    from json_to_recordset(${JSON.stringify(answers)}::json) as answer (
      lane text, account text, "notFounds" integer, "quietForMs" double precision
    )
    order by lane collate "C"
    on conflict (lane) do update set
      accepted_at = excluded.accepted_at,
      not_founds  = excluded.not_founds,
      quiet_until = excluded.quiet_until
  `.execute(db);
}
