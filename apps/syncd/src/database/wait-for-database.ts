import { setTimeout as sleep } from "node:timers/promises";

import { readSchemaState } from "@talkme/outbox";
import type { Logger } from "pino";

import { ConfigurationError } from "../configuration-error.ts";
import { backoffMs } from "../policy/backoff.ts";
import { databaseFault, describeDatabaseError } from "./database-fault.ts";
import type { Database } from "./database.ts";
import { UnfitDatabaseError } from "./unfit-database-error.ts";
import { UnfitSchemaError } from "./unfit-schema-error.ts";

const reconnect = { baseMs: 200, maxMs: 10_000 };

interface Waiting {
  readonly database: Database;
  readonly log: Logger;
  readonly begin: () => Promise<void>;
  /** Called with the reason of each failed try. */
  readonly onFailure: (message: string) => void;
  readonly stop: AbortSignal;
}

/**
 * Waits for the database without limit, checks the schema and calls `begin`; starts over if the database goes away.
 *
 * @returns False if `stop` was aborted.
 * @throws {UnfitSchemaError} if the schema is absent, older or newer.
 * @throws {UnfitDatabaseError} if `begin` finds that nothing could be sent.
 * @throws {ConfigurationError} if the database refuses settings.
 */
export async function waitForDatabase({ database, log, begin, onFailure, stop }: Waiting): Promise<boolean> {
  for (let failures = 1; !stop.aborted; failures += 1) {
    try {
      const state = await readSchemaState(database.kysely);
      if (state.kind !== "current") throw new UnfitSchemaError(state);
      await begin();
      return true;
    } catch (error) {
      if (
        error instanceof UnfitSchemaError ||
        error instanceof UnfitDatabaseError ||
        error instanceof ConfigurationError ||
        databaseFault(error) === "refused"
      )
        throw error;
      const problem = describeDatabaseError(error);
      onFailure(problem.message);
      log.warn({ ...problem, failures }, "waiting for the database");
      database.replace();
      const pauseMs = backoffMs(reconnect, failures, reconnect.baseMs, Math.random);
      await sleep(pauseMs, undefined, { signal: stop }).catch(() => "stopped");
    }
  }
  return false;
}
