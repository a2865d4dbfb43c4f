import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Which server answers, and as whom it knows us. */
export interface ServerFacts {
  readonly version: string;
  readonly user: string;
}

/** Asks the server who it is; needs no schema and no privilege. */
export async function readServerFacts(db: Kysely<OutboxDatabase>): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`
    select current_setting('server_version') as version, current_user as user
  `.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new Error("The server did not answer.");
  return facts;
}
