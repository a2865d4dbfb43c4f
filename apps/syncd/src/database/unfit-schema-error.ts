import type { SchemaState } from "@talkme/outbox";

import { unfitSchema } from "../language/findings/schema.ts";
import { SpokenError } from "../language/spoken-error.ts";

/** The schema is not the one that this version of syncd needs. */
export class UnfitSchemaError extends SpokenError {
  override readonly name = "UnfitSchemaError";
  readonly code: "schema_absent" | "schema_older" | "schema_newer";

  constructor(state: Exclude<SchemaState, { kind: "current" }>) {
    super(unfitSchema(state));
    this.code = `schema_${state.kind}`;
  }
}
