import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Whether a recipient is suppressed, by the number, as E.164 with its +, or by the address. */
export async function isSuppressed(
  db: Kysely<OutboxDatabase>,
  numero: string | null,
  email: string | null,
): Promise<boolean> {
  const { rows } = await sql<{ suppressed: boolean }>`
    select exists (
      select from talkme.suppression as s
      where s.recipient in (
        case when ${numero}::text is not null then talkme.recipient_key(${numero}::text, null) end,
        case when ${email}::text is not null then talkme.recipient_key(null, ${email}::text) end
      )
    ) as suppressed
  `.execute(db);
  return rows[0]?.suppressed === true;
}
