/** The database holds migrations that this version does not know. */
export class NewerSchemaError extends Error {
  override readonly name = "NewerSchemaError";
  readonly code = "schema_newer";

  constructor(unknown: readonly string[]) {
    super(
      `The schema talkme is newer than this program: it holds ${unknown.join(", ")}. ` +
        "Run the version of syncd that migrated it, or a later one.",
    );
  }
}
