import type { OutboxDatabase } from "@talkme/outbox";
import { findSchemaFaults, listForeignTriggers } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { ok, problem, warning, type Finding } from "./finding.ts";

/** Has anybody changed what the migrations have made, or does a setting keep it from working? */
export async function checkSchemaFaults(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const faults = await findSchemaFaults(db);
  const foreign = await listForeignTriggers(db);
  return [
    ...faults.map(({ subject, effect, detail, remedy }) =>
      (effect === "slows" ? warning : problem)(subject, detail, remedy),
    ),
    ...(faults.length === 0
      ? [ok("objects", "owners, triggers, indexes and functions are those of the migrations.")]
      : []),
    // Not wrong: but whoever wonders why a row is not marked, or turns are slow, has to know of them.
    ...foreign.map((trigger) =>
      ok("triggers", `one of your own, which runs for what syncd writes too: ${trigger}.`),
    ),
  ];
}
