import { readSchemaState, type SchemaState } from "@talkme/outbox";
import type { Logger } from "pino";

import { backoffMs } from "../policy/backoff.ts";
import { databaseFault, describeDatabaseError } from "./database-fault.ts";
import type { Database } from "./database.ts";

const reconnect = { baseMs: 200, maxMs: 10_000 };

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

/**
 * Waits until the database answers, however long it takes, then checks the schema.
 *
 * @returns False where `stop` was aborted meanwhile.
 * @throws {UnfitSchemaError} where the schema is absent, older or newer.
 */
export async function waitForDatabase(
  database: Database,
  log: Logger,
  onFailure: (message: string) => void,
  stop: AbortSignal,
): Promise<boolean> {
  for (let failures = 1; !stop.aborted; failures += 1) {
    try {
      const state = await readSchemaState(database.kysely);
      if (state.kind === "current") return true;
      throw new UnfitSchemaError(state);
    } catch (error) {
      if (error instanceof UnfitSchemaError || databaseFault(error) === "refused") throw error;
      const problem = describeDatabaseError(error);
      onFailure(problem.message);
      log.warn({ ...problem, failures }, "waiting for the database");
      database.replace();
      await pause(backoffMs(reconnect, failures, reconnect.baseMs, Math.random), stop);
    }
  }
  return false;
}

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  const { setTimeout: sleep } = await import("node:timers/promises");
  await sleep(ms, undefined, { signal: stop }).catch(() => "stopped");
}
