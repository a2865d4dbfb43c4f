import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { Status } from "../status.ts";

/** What became of a row of a list. */
export interface BatchResult {
  readonly id: string;
  /** Of the file; null where the rows came in otherwise. */
  readonly line: number | null;
  /** Masked unless the person may see it whole. */
  readonly recipient: string | null;
  readonly status: Status;
  readonly finishedAt: Date | null;
  readonly reference: string | null;
  readonly errorCode: string | null;
}

/** A page of a batch's results, after the given row. The first page with whole numbers is noted in the audit. */
export async function exportBatch(
  db: Kysely<OutboxDatabase>,
  batch: string,
  after: string,
  limit: number,
): Promise<readonly BatchResult[]> {
  const { rows } = await sql<BatchResult>`
    select id::text, line, recipient, status, finished_at as "finishedAt", reference, error_code as "errorCode"
    from talkme.export_batch(${batch}, ${after}, ${limit})
  `.execute(db);
  return rows;
}
