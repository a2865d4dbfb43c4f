import { migrate, printPending, type OutboxDatabase } from "@talkme/outbox";
import type { Kysely } from "kysely";

import type { Environment } from "../config/environment.ts";
import { readDatabaseUrl } from "../config/settings.ts";
import { usualDeadlines } from "../database/database.ts";
import { withDatabase } from "./with-database.ts";
import type { Terminal } from "./terminal.ts";

/** A migration may rewrite a large table, or wait for one that does. */
const statementMs = 3_600_000;

/** One holds the lock that keeps other migrations out, one works, one sees what the work waits for. */
const connections = 3;

/** `syncd migrate`: needs no setting but the database's URL. */
export async function migrateCommand(
  environment: Environment,
  terminal: Terminal,
  print: boolean,
): Promise<void> {
  const url = readDatabaseUrl(environment);
  const work = async (db: Kysely<OutboxDatabase>): Promise<void> => {
    if (print) {
      terminal.out(await printPending(db));
      return;
    }
    const applied = await migrate(db);
    for (const name of applied) terminal.out(`applied ${name}\n`);
    terminal.out(
      applied.length === 0 ? "The schema talkme is up to date.\n" : "The schema talkme is ready.\n",
    );
  };
  await withDatabase(url, work, { ...usualDeadlines, statementMs }, connections);
}
