import { setTimeout as sleep } from "node:timers/promises";

import type { Environment } from "../config/environment.ts";
import { readDatabaseUrl } from "../config/settings.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
import { databasePlace } from "../database/database-place.ts";
import { Database } from "../database/database.ts";
import { UnfitSchemaError } from "../database/unfit-schema-error.ts";
import { watching } from "../language/screens/status.ts";
import type { Language } from "../language/language.ts";
import { frame } from "../text/frame.ts";
import { readStatusReport, type StatusReport } from "../status/status-report.ts";
import { statusText } from "../status/status-text.ts";
import type { View } from "../status/view.ts";
import { withDatabase } from "./with-database.ts";
import type { Terminal } from "./terminal.ts";

/** `syncd status`: needs no setting but the database's URL. */
export async function status(
  environment: Environment,
  terminal: Terminal,
  { json, language }: StatusOptions,
): Promise<void> {
  const report = await withDatabase(readDatabaseUrl(environment), (db) =>
    readStatusReport(db, json ? "en" : language),
  );
  terminal.out(
    json ? `${JSON.stringify(report, null, 2)}\n` : statusText(report, viewOf(terminal, language)),
  );
}

const usualColumns = 80;

function viewOf(terminal: Terminal, language: Language): View {
  return { language, columns: terminal.screen()?.columns ?? usualColumns, now: new Date() };
}

export interface StatusOptions {
  /** In English, whatever the language. */
  readonly json: boolean;
  readonly language: Language;
}

export interface WatchOptions extends StatusOptions {
  readonly intervalSeconds: number;
  readonly stop: AbortSignal;
}

/**
 * `syncd status --watch`: refreshes until it is stopped. An unreachable database is reported in place and asked again.
 * With `json` each report is one line. Pauses at least as long as the last read took, so that it never loads the server.
 */
export async function watchStatus(
  environment: Environment,
  terminal: Terminal,
  { json, language, intervalSeconds, stop }: WatchOptions,
): Promise<void> {
  const url = readDatabaseUrl(environment);
  const database = new Database(url, () => {});
  let before: StatusReport | null = null;
  try {
    while (!stop.aborted) {
      const startedAtMs = performance.now();
      try {
        const report = await readStatusReport(database.kysely, json ? "en" : language);
        const view = viewOf(terminal, language);
        const title = watching.title(view.now, databasePlace(url), intervalSeconds).in(language);
        terminal.out(
          json
            ? `${JSON.stringify(report)}\n`
            : frame(`${title}\n\n${statusText(report, view, before)}`, terminal.screen()),
        );
        before = report;
      } catch (error) {
        if (error instanceof UnfitSchemaError) throw error;
        database.replace();
        const { message } = describeDatabaseError(error);
        const problem = watching.unreadable(new Date(), databasePlace(url), message);
        if (json) terminal.err(`${problem.in("en")}\n`);
        else terminal.out(frame(`${problem.in(language)}\n`, terminal.screen()));
      }
      const tookMs = performance.now() - startedAtMs;
      const pauseMs = Math.max(intervalSeconds * 1000 - tookMs, tookMs);
      await sleep(pauseMs, undefined, { signal: stop }).catch(() => "stopped");
    }
  } finally {
    await database.close();
  }
}
