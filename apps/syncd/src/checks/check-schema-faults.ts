import type { OutboxDatabase } from "@talkme/outbox";
import { inspectSchema } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { ok, problem, warning, type Finding } from "./finding.ts";

/** Are the objects of the migrations unchanged, and does no setting keep them from working? */
export async function checkSchemaFaults(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { faults, foreignTriggers } = await inspectSchema(db);
  return [
    ...faults.map(({ subject, effect, detail, remedy }) =>
      (effect === "slows" ? warning : problem)(subject, detail, remedy),
    ),
    ...(faults.length === 0
      ? [ok("objects", "owners, triggers, indexes and functions are as the migrations made them.")]
      : []),
    // Not wrong, but they explain unmarked rows and slow turns.
    ...foreignTriggers.map((trigger) =>
      ok("triggers", `not from the migrations; it runs for the writes of syncd too: ${trigger}.`),
    ),
  ];
}
