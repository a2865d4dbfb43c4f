import type { SchemaFault } from "@talkme/outbox/daemon";

/** The schema is the right one, and something in the database keeps it from working: nothing could be sent. */
export class UnfitDatabaseError extends Error {
  override readonly name = "UnfitDatabaseError";
  readonly code = "database_unfit";

  constructor(faults: readonly SchemaFault[]) {
    const sentences = faults.map(({ subject, detail, remedy }) => `${subject}: ${detail} ${remedy}`);
    super(`Nothing could be sent. ${sentences.join(" ")} syncd check finds all of it.`);
  }
}
