import { sql } from "kysely";

import type { TestOutbox } from "./outbox.ts";
import type { WrittenMessage } from "./written-messages.ts";

/** Puts messages into `staging`, in the order of `place`. */
export async function stageMessages(outbox: TestOutbox, messages: readonly WrittenMessage[]): Promise<void> {
  await sql`
    create table staging as
    select row_number() over () as place, m.*
    from json_to_recordset(${JSON.stringify(messages)}::json) as m (
      numero_dest text, email_dest text, id_campanha bigint, id_wpp bigint, txtmsg text, assunto text, info_contato jsonb,
      account text, send_at timestamptz, expires_at timestamptz, dedupe_key text, max_attempts integer, on_unknown text
    )
  `.execute(outbox.db);
  // JSON's null is none.
  await sql`update staging set info_contato = null where info_contato = 'null'`.execute(outbox.db);
}

/** The arguments of `talkme.problems` for a message of `staging as s`. */
export const stagedArguments = `numero_dest => s.numero_dest, email_dest => s.email_dest, id_campanha => s.id_campanha, id_wpp => s.id_wpp,
  txtmsg => s.txtmsg, assunto => s.assunto, info_contato => s.info_contato, account => s.account, send_at => s.send_at,
  expires_at => s.expires_at, dedupe_key => s.dedupe_key, max_attempts => s.max_attempts, on_unknown => s.on_unknown`;
