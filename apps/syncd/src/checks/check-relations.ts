import type { OutboxDatabase } from "@talkme/outbox";
import { listUnhealthyRelations } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { warning, type Finding } from "./finding.ts";

/** Has anybody changed the tables in a way that lets them grow or slow down? */
export async function checkRelations(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { withoutAutovacuum, invalidIndexes } = await listUnhealthyRelations(db);
  return [
    ...withoutAutovacuum.map((table) =>
      warning(
        "autovacuum",
        `off for ${table}: it grows with every message, and slows down.`,
        `alter table ${table} reset (autovacuum_enabled);`,
      ),
    ),
    ...invalidIndexes.map((index) =>
      warning(
        "indexes",
        `${index} is invalid, as an interrupted reindex leaves it.`,
        `reindex index concurrently ${index}; or drop it, if its name ends in _ccnew or _ccold.`,
      ),
    ),
  ];
}
