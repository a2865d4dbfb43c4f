import { migrate, printPending } from "@talkme/outbox";

import type { Terminal } from "../cli.ts";
import type { Environment } from "../config/environment.ts";
import { readDatabaseUrl } from "../config/settings.ts";
import { withDatabase } from "./with-database.ts";

/** `syncd migrate`: needs the database's URL and no other setting. */
export async function migrateCommand(
  environment: Environment,
  terminal: Terminal,
  print: boolean,
): Promise<void> {
  const url = readDatabaseUrl(environment);
  await withDatabase(url, async (db) => {
    if (print) {
      terminal.out(await printPending(db));
      return;
    }
    const applied = await migrate(db);
    for (const name of applied) terminal.out(`applied ${name}\n`);
    terminal.out(
      applied.length === 0 ? "The schema talkme is up to date.\n" : "The schema talkme is ready.\n",
    );
  });
}
