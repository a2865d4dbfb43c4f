import { inject } from "vitest";

import { createDatabase, type TestDatabase } from "../database.ts";
import { templateName } from "../template-name.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server that the global setup started. */
    readonly postgresUrl: string;
  }
}

/** A migrated database for one test, or one file of tests: a copy of the template, made in milliseconds. */
export async function cloneDatabase(): Promise<TestDatabase> {
  return createDatabase(inject("postgresUrl"), { template: templateName });
}

/** An empty database on the same server. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return createDatabase(inject("postgresUrl"));
}
