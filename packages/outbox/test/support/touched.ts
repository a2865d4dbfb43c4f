import { sql } from "kysely";

import type { TestOutbox } from "./outbox.ts";

export type Touched = readonly [what: string, status: string | null, errorCode: string | null, rows: string];

/** The report of a function that acts on many rows, as the owner gets it. */
export async function touch(outbox: TestOutbox, call: string): Promise<readonly Touched[]> {
  const { rows } = await sql<{
    what: string;
    status: string | null;
    error_code: string | null;
    rows: string;
  }>`
    select * from talkme.${sql.raw(call)}
  `.execute(outbox.db);
  return rows.map(({ what, status, error_code: errorCode, rows: count }) => [what, status, errorCode, count]);
}
