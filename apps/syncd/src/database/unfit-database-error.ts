import type { SchemaFault } from "@talkme/outbox/daemon";

/** The schema's version is right, but something in the database would keep every row from being sent. */
export class UnfitDatabaseError extends Error {
  override readonly name = "UnfitDatabaseError";
  readonly code = "database_unfit";

  constructor(faults: readonly SchemaFault[]) {
    const sentences = faults.map(({ subject, detail, remedy }) => `${subject}: ${detail} ${remedy}`);
    super(`Nothing could be sent. ${sentences.join(" ")} syncd check lists everything.`);
  }
}
