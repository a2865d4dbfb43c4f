import { notify } from "@talkme/outbox/daemon";

import { closeAccounts, openAccounts, renewClients } from "./accounts/open-accounts.ts";
import { Admission } from "./admission/admission.ts";
import { patienceFor, turnBoundMs } from "./careful/careful-path.ts";
import { LostTurns } from "./careful/lost-turns.ts";
import type { Settings } from "./config/settings.ts";
import { logSettings } from "./config/log-settings.ts";
import { writeAccountRules } from "./config/write-account-rules.ts";
import { describeDatabaseError } from "./database/database-fault.ts";
import { Databases } from "./database/databases.ts";
import { LockWatch } from "./database/lock-watch.ts";
import { refuseUnfitDatabase } from "./database/refuse-unfit-database.ts";
import { waitForDatabase } from "./database/wait-for-database.ts";
import { observe } from "./http/daemon-http.ts";
import { heartbeatDeadlines, Instance } from "./instance/instance.ts";
import { Listener } from "./instance/listener.ts";
import { StandbyWatch } from "./instance/standby-watch.ts";
import { ClaimPlanner } from "./lanes/claim-planner.ts";
import { Suspects } from "./lanes/suspects.ts";
import { createLog } from "./logging/log.ts";
import { Maintenance, maintenanceTasks } from "./maintenance/maintenance.ts";
import { Metrics } from "./metrics/metrics.ts";
import { ClaimMemory } from "./sending/claim-memory.ts";
import { Dispatcher } from "./sending/dispatcher.ts";
import { RefusedWrites } from "./sending/refused-writes.ts";
import { UnsettledAnswers } from "./sending/unsettled-answers.ts";
import { Wakeup } from "./sending/wakeup.ts";
import type { Controls } from "./service/controls.ts";
import { Health } from "./service/health.ts";
import { Reloader } from "./service/reloader.ts";
import { ServiceManager } from "./service/service-manager.ts";
import { sendUntilStopped } from "./turn/send-until-stopped.ts";
import { TurnLoop } from "./turn/turn-loop.ts";
import { version } from "./version.ts";

/**
 * The daemon: runs until `stop` is aborted, then drains. The only place where its parts are put together.
 *
 * @param controls Ask it to reload, or to log more.
 * @param readAgain Reads the settings for a reload.
 * @returns The process's exit code: 0 after a clean stop, 1 where answers could not be written before the end.
 * @throws UnfitSchemaError where the schema is absent, older or newer.
 * @throws UnfitDatabaseError where something in the database keeps anything from being sent.
 * @throws ConfigurationError where the settings make no client, or the database does not take what the file says of an
 *   account.
 */
export async function runDaemon(
  settings: Settings,
  stop: AbortSignal,
  controls: Controls,
  readAgain: () => Settings,
): Promise<number> {
  const metrics = new Metrics();
  const daemonLog = createLog(
    settings.logLevel,
    version,
    () => metrics.logLinesLeftOut.inc(),
    () => metrics.logLinesDropped.inc(),
  );
  const { log, rowLog } = daemonLog;
  const health = new Health();
  const reports = { metrics, health, log };

  const onConnectionError = (error: Error): void => {
    log.warn(describeDatabaseError(error), "an idle connection was lost");
  };
  const onSurplusAnswer = (account: string): void => {
    log.warn({ account }, "an answer came that nobody asked for: each connection carries one request alone");
  };
  const deadlines = heartbeatDeadlines(settings.leaseSeconds);
  const databases = new Databases(settings.databaseUrl, onConnectionError, deadlines);
  const { pipeline: database, heartbeat, side } = databases;
  const accounts = openAccounts(settings, onSurplusAnswer);
  const accountNames = [...accounts.keys()];

  const listener = new Listener({
    url: settings.listenUrl,
    notify: (channel) => notify(heartbeat.kysely, channel),
    ...reports,
  });
  const onReadOnly = (): void => [database, side].forEach((one) => one.replace());
  const instance = new Instance(database, heartbeat, { settings, listener, onReadOnly, ...reports });
  const unsettled = new UnsettledAnswers();
  const memory = new ClaimMemory();
  const wakeup = new Wakeup();
  const bound = turnBoundMs(settings.leaseSeconds);
  const suspects = new Suspects(bound / 2);
  const admission = new Admission({ database, accounts, settings, ...reports });
  const planner = new ClaimPlanner({
    database,
    accounts,
    admission,
    unsettled,
    suspects,
    pollIntervalMs: settings.pollIntervalMs,
    listener,
    metrics,
    log,
  });
  /** Something was inserted, or waited for what is there now. */
  const onInsert = (): void => {
    planner.insertReported(performance.now());
    wakeup.wake();
  };
  const standby = new StandbyWatch({
    durability: settings.claimDurability,
    database: side,
    onConfirmed: onInsert,
    ...reports,
  });
  const dispatcher = new Dispatcher({
    accounts,
    admission,
    settings,
    unsettled,
    memory,
    wakeup,
    metrics,
    log: rowLog,
  });
  const loop = new TurnLoop({
    database,
    instance,
    standby,
    planner,
    admission,
    dispatcher,
    unsettled,
    memory,
    wakeup,
    suspects,
    turns: new LostTurns(),
    refusedWrites: new RefusedWrites({ database, unsettled, ...reports }),
    lockWatch: new LockWatch(side),
    patience: patienceFor(settings.leaseSeconds),
    turnBoundMs: bound,
    ...reports,
  });
  const maintenance = new Maintenance(side, metrics, health, log);
  const http = observe({
    databases,
    accountNames,
    maintenanceTasks,
    admission,
    dispatcher,
    unsettled,
    listener,
    standby,
    metricsToken: settings.metricsToken,
    ...reports,
  });
  const reloader = new Reloader(settings, daemonLog, readAgain, (changed, needsClients) => {
    if (needsClients) renewClients(accounts, changed, onSurplusAnswer);
    admission.setRates(changed.ratesPerSecond);
    dispatcher.concurrency = changed.concurrency;
  });
  const service = new ServiceManager(process.env, health, log);

  const port = await http.start(settings.httpHost, settings.httpPort);
  controls.on("reload", () => reloader.reload());
  controls.on("toggleDebug", () => reloader.toggleDebug());
  logSettings(settings, log);
  log.info({ http: `http://${settings.httpHost}:${port}`, accounts: accountNames }, "started");
  service.start(stop);
  try {
    const begun = await waitForDatabase({
      database,
      log,
      begin: async () => {
        await refuseUnfitDatabase(database, log);
        await writeAccountRules(database, settings.accountRules, log);
        await instance.start();
      },
      onFailure: (message) => {
        health.progressed();
        health.databaseFailed(message);
      },
      stop,
    });
    if (!begun) return 0;
    await maintenance.start();
    listener.start(onInsert);
    standby.start();
    log.info({ instance: instance.name }, "sending");
    const parts = { loop, dispatcher, unsettled, instance, listener, standby, maintenance, health, log };
    return await sendUntilStopped(parts, stop, settings.drainTimeoutMs);
  } finally {
    service.close();
    await Promise.allSettled([http.stop(), databases.close(), closeAccounts(accounts)]);
    daemonLog.end();
  }
}
