import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { confirmClaims } from "./confirm-claims.ts";

/** Why no commit is confirmed: what the server would have to be told first. */
export type StandbyObstacle = "no_standby_named" | "no_walsenders";

/**
 * Commits something that changes nothing and locks nothing, a message in the WAL, and waits until a synchronous standby has it on
 * disk. All that was committed before is there then, too.
 *
 * @returns What keeps a commit from being confirmed at all; null after one was.
 * @throws what the database says if the wait was cancelled: it has no end of its own.
 */
export async function probeStandby(db: Kysely<OutboxDatabase>): Promise<StandbyObstacle | null> {
  const { rows } = await sql<{ names: string; senders: number; sinceUs: string }>`
    select
      current_setting('synchronous_standby_names') as names, current_setting('max_wal_senders')::integer as senders,
      round(date_part('epoch', now()) * 1000000)::bigint as "sinceUs"
  `.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error("The server did not answer.");
  if (found.names === "") return "no_standby_named";
  if (found.senders === 0) return "no_walsenders";
  await sql`
    with told as materialized (
      select
        case when current_setting('client_min_messages') = 'error' then
          set_config('client_min_messages', 'warning', true)
        end,
        case when current_setting('synchronous_commit') <> 'remote_apply' then
          set_config('synchronous_commit', 'on', true)
        end
    )
    select pg_logical_emit_message(true, 'talkme', '') from told
  `.execute(db);
  await confirmClaims(db, { confirmSinceUs: found.sinceUs });
  return null;
}
