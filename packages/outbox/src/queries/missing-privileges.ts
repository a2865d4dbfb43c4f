import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** All that the daemon's statements need. */
const needed: readonly { readonly privilege: string; readonly on: keyof OutboxDatabase }[] = [
  { on: "talkme.outbox", privilege: "SELECT" },
  { on: "talkme.outbox", privilege: "UPDATE" },
  { on: "talkme.attempt", privilege: "SELECT" },
  { on: "talkme.attempt", privilege: "INSERT" },
  { on: "talkme.instance", privilege: "SELECT" },
  { on: "talkme.instance", privilege: "INSERT" },
  { on: "talkme.instance", privilege: "UPDATE" },
  { on: "talkme.instance", privilege: "DELETE" },
  { on: "talkme.circuit", privilege: "SELECT" },
  { on: "talkme.circuit", privilege: "INSERT" },
  { on: "talkme.circuit", privilege: "UPDATE" },
  { on: "talkme.lane", privilege: "SELECT" },
  { on: "talkme.lane", privilege: "INSERT" },
  { on: "talkme.lane", privilege: "UPDATE" },
  { on: "talkme.pace", privilege: "SELECT" },
  { on: "talkme.pace", privilege: "INSERT" },
  { on: "talkme.pace", privilege: "UPDATE" },
];

/** The functions that it calls and that not everybody may. */
const called: readonly string[] = [
  "talkme.create_attempt_partitions(integer)",
  "talkme.apply_retention(integer, interval)",
  "talkme.configure_account(text, text, interval, interval)",
];

/** The privileges that the daemon needs and the current user lacks, such as `UPDATE on talkme.outbox`. */
export async function listMissingPrivileges(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  const { rows } = await sql<{ missing: string }>`
    select need.privilege || ' on ' || need.on as missing
    from json_to_recordset(${JSON.stringify(needed)}::json) as need (privilege text, "on" text)
    where not has_table_privilege(need.on, need.privilege)
    union all
    select 'EXECUTE on ' || routine
    from json_array_elements_text(${JSON.stringify(called)}::json) as routine
    where not has_function_privilege(routine, 'EXECUTE')
  `.execute(db);
  return rows.map(({ missing }) => missing);
}
