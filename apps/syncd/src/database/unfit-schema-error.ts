import type { SchemaState } from "@talkme/outbox";

/** The schema is not the one that this version of syncd needs. */
export class UnfitSchemaError extends Error {
  override readonly name = "UnfitSchemaError";
  readonly code: "schema_absent" | "schema_older" | "schema_newer";

  constructor(state: Exclude<SchemaState, { kind: "current" }>) {
    super(describeSchema(state));
    this.code = `schema_${state.kind}`;
  }
}

/** What is wrong with a schema and what to do, in a sentence. */
export function describeSchema(state: Exclude<SchemaState, { kind: "current" }>): string {
  switch (state.kind) {
    case "absent":
      return "The database has no schema talkme. Run: syncd migrate";
    case "older":
      return `The schema talkme lacks ${state.pending.map(({ name }) => name).join(", ")}. Run: syncd migrate`;
    case "newer":
      return `The schema talkme is newer than this syncd: it has ${state.unknown.join(", ")}. Run a later version of syncd.`;
  }
}
