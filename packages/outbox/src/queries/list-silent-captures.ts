import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** A capture that makes no messages. */
export interface SilentCapture {
  readonly name: string;
  readonly source: string;
  /** `broken: …` or `off: …`, and why. */
  readonly status: string;
  readonly disabled: boolean;
}

/** Captures that are not on. */
export async function listSilentCaptures(db: Kysely<OutboxDatabase>): Promise<readonly SilentCapture[]> {
  const { rows } = await sql<SilentCapture>`
    select name, source, status, disabled from talkme.silent_captures()
  `.execute(db);
  return rows;
}
