import type { OutboxDatabase } from "@talkme/outbox";
import { listUnhealthyRelations } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { server } from "../language/findings/server.ts";
import { warning, type Finding } from "./finding.ts";

/** Has a table lost what keeps it small and fast? */
export async function checkRelations(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { withoutAutovacuum, invalidIndexes } = await listUnhealthyRelations(db);
  return [
    ...withoutAutovacuum.map((table) =>
      warning("autovacuum", server.tableVacuumOff(table), server.resetVacuum(table)),
    ),
    ...invalidIndexes.map((index) => warning("indexes", server.invalidIndex(index), server.reindex(index))),
  ];
}
