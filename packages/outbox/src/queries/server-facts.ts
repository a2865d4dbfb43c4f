import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Which server answers, and which user it takes us for. */
export interface ServerFacts {
  readonly version: string;
  readonly user: string;
  /** A standby, or a session that is read-only by default: no row could be marked there. */
  readonly readOnly: boolean;
}

/** Asks the server who it is; needs no schema and no privilege. */
export async function readServerFacts(db: Kysely<OutboxDatabase>): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`
    select current_setting('server_version') as version, current_user as user,
      current_setting('transaction_read_only')::boolean as "readOnly"
  `.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new Error("The server did not answer.");
  return facts;
}
