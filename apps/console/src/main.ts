import { actAsConsole, removeOldSessions } from "@talkme/outbox/console";
import { pino } from "pino";

import type { Settings } from "./config/settings.ts";
import { findObstacles } from "./check/find-obstacles.ts";
import { consoleApp } from "./console-app.ts";
import { openDatabase } from "./database/database.ts";
import { HttpServer } from "./http/http-server.ts";
import { idleSeconds } from "./persons/identify.ts";
import { ListJobs } from "./lists/list-jobs.ts";
import { version } from "./version.ts";

const cleanEveryMs = 3_600_000;
const cleanStatementMs = 10_000;

/** A driver's error may contain a row: its code alone. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/**
 * The console: serves its pages until `stop` is aborted, then lets requests end. The only place where its parts are put together.
 *
 * @throws {ConfigurationError} if it cannot listen where it should.
 */
export async function runConsole(settings: Settings, stop: AbortSignal): Promise<void> {
  const base = { app: "console", version, pid: process.pid };
  const formatters = { level: (label: string) => ({ level: label }) };
  const log = pino({ level: settings.logLevel, base, formatters, timestamp: pino.stdTimeFunctions.isoTime });
  const database = openDatabase(settings.databaseUrl, (error) => {
    log.warn({ code: codeOf(error) }, "an idle connection was lost");
  });
  const { login, publicOrigin } = settings;
  const jobs = new ListJobs();
  const app = consoleApp({ database, jobs, login, publicOrigin, isStopping: () => stop.aborted, log });
  const server = new HttpServer(app);

  const cleanUp = async (): Promise<void> => {
    try {
      await database.db.transaction().execute(async (transaction) => {
        await actAsConsole(transaction, cleanStatementMs);
        await removeOldSessions(transaction, idleSeconds);
      });
    } catch (error) {
      log.warn({ code: codeOf(error) }, "old sessions could not be removed");
    }
  };

  const sayWhatIsMissing = async (): Promise<void> => {
    for (const { level, text } of await findObstacles(database.db, login.kind))
      if (level !== "ok") log.warn({ finding: text }, "talkme-console check finds");
  };

  const stopped = new Promise<void>((resolve) =>
    stop.addEventListener("abort", () => resolve(), { once: true }),
  );
  const port = await server.start(settings.httpHost, settings.httpPort);
  log.info({ http: `http://${settings.httpHost}:${port}`, login: login.kind }, "started");
  // People need not wait for it, nor the console for a database that is away.
  const looking = sayWhatIsMissing();
  const cleaning = setInterval(() => void cleanUp(), cleanEveryMs);
  if (!stop.aborted) await stopped;
  log.info("stopping");
  clearInterval(cleaning);
  await server.stop();
  await jobs.stop();
  await looking;
  await database.close();
  log.info("stopped");
}
