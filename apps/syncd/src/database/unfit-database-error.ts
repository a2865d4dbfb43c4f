import type { SchemaFault } from "@talkme/outbox/daemon";

import { schemaFault } from "../language/findings/schema.ts";

/** The schema's version is right, but something in the database would keep every row from being sent. */
export class UnfitDatabaseError extends Error {
  override readonly name = "UnfitDatabaseError";
  readonly code = "database_unfit";

  constructor(faults: readonly SchemaFault[]) {
    const sentences = faults.map(({ subject, difference }) => {
      const { detail, remedy } = schemaFault(difference);
      return `${subject}: ${detail.in("en")} ${remedy.in("en")}`;
    });
    super(`Nothing could be sent. ${sentences.join(" ")} syncd check lists everything.`);
  }
}
