import type { OutboxDatabase } from "@talkme/outbox";
import { listUnhealthyRelations } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { warning, type Finding } from "./finding.ts";

/** Has a table lost what keeps it small and fast? */
export async function checkRelations(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { withoutAutovacuum, invalidIndexes } = await listUnhealthyRelations(db);
  return [
    ...withoutAutovacuum.map((table) =>
      warning(
        "autovacuum",
        `off for ${table}: it grows and slows down with every message.`,
        `alter table ${table} reset (autovacuum_enabled);`,
      ),
    ),
    ...invalidIndexes.map((index) =>
      warning(
        "indexes",
        `${index} is invalid; an interrupted reindex leaves such indexes.`,
        `reindex index concurrently ${index}; or drop it, if its name ends in _ccnew or _ccold.`,
      ),
    ),
  ];
}
