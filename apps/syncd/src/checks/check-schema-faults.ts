import type { OutboxDatabase } from "@talkme/outbox";
import { inspectSchema } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { schema, schemaFault } from "../language/findings/schema.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

/** Are the objects of the migrations unchanged, and does no setting keep them from working? */
export async function checkSchemaFaults(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { faults, foreignTriggers } = await inspectSchema(db);
  return [
    ...faults.map(({ subject, effect, difference }) => {
      const { detail, remedy } = schemaFault(difference);
      return (effect === "slows" ? warning : problem)(subject, detail, remedy);
    }),
    ...(faults.length === 0 ? [ok("objects", schema.unchanged)] : []),
    // Not wrong, but they explain unmarked rows and slow turns.
    ...foreignTriggers.map((trigger) => ok("triggers", schema.foreignTrigger(trigger))),
  ];
}
