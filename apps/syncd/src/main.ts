import { notify } from "@talkme/outbox/daemon";

import type { Settings } from "./config/settings.ts";
import { tellSettings } from "./config/tell-settings.ts";
import { writeAccountRules } from "./config/write-account-rules.ts";
import { describeDatabaseError } from "./database/database-fault.ts";
import { Databases } from "./database/databases.ts";
import { refuseUnfitDatabase } from "./database/refuse-unfit-database.ts";
import { waitForDatabase } from "./database/wait-for-database.ts";
import { Metrics } from "./metrics/metrics.ts";
import type { Controls } from "./service/controls.ts";
import { Health } from "./service/health.ts";
import { heartbeatDeadlines, Instance } from "./instance/instance.ts";
import { Listener } from "./instance/listener.ts";
import { createLog } from "./logging/log.ts";
import { LockWatch } from "./database/lock-watch.ts";
import { Maintenance, maintenanceTasks } from "./maintenance/maintenance.ts";
import { observe } from "./http/daemon-http.ts";
import { Reloader } from "./service/reloader.ts";
import { ServiceManager } from "./service/service-manager.ts";
import { patienceFor, turnBoundMs } from "./careful/careful-path.ts";
import { Circuits } from "./admission/circuits.ts";
import { ClaimPlanner } from "./lanes/claim-planner.ts";
import { Dispatcher } from "./sending/dispatcher.ts";
import { Admission } from "./admission/admission.ts";
import { LaneAnswers } from "./admission/lane-answers.ts";
import { LaneRules } from "./admission/lane-rules.ts";
import { closeAccounts, openAccounts, renewClients } from "./accounts/open-accounts.ts";
import { Pacer } from "./admission/pacer.ts";
import { LostTurns } from "./careful/lost-turns.ts";
import { TurnLoop } from "./turn/turn-loop.ts";
import { RefusedWrites } from "./sending/refused-writes.ts";
import { sendUntilStopped } from "./turn/send-until-stopped.ts";
import { UnsettledAnswers } from "./sending/unsettled-answers.ts";
import { Suspects } from "./lanes/suspects.ts";
import { Wakeup } from "./sending/wakeup.ts";
import { version } from "./version.ts";

/**
 * The daemon: runs until `stop` is aborted, then drains. The only place where its parts are put together.
 *
 * @param controls Ask it to reload, or to tell more.
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
  const wakeup = new Wakeup();
  const unsettled = new UnsettledAnswers();
  const onConnectionError = (error: Error): void => {
    log.warn(describeDatabaseError(error), "an idle connection was lost");
  };
  const deadlines = heartbeatDeadlines(settings.leaseSeconds);
  const databases = new Databases(settings.databaseUrl, onConnectionError, deadlines);
  const database = databases.pipeline;

  const onSurplusAnswer = (account: string): void => {
    log.warn({ account }, "an answer came that nobody asked for: each connection carries one request alone");
  };
  const accounts = openAccounts(settings, onSurplusAnswer);
  const accountNames = [...accounts.keys()];
  const circuits = new Circuits({ database, accounts, policy: settings.circuit, metrics, log });
  const lanes = new LaneAnswers(database, log);
  const pacer = new Pacer(database, settings.ratesPerSecond, (scope) => metrics.beginScope(scope));
  const rules = new LaneRules(settings.pollIntervalMs);
  const admission = new Admission({ accounts, circuits, lanes, rules, pacer, metrics });
  const bound = turnBoundMs(settings.leaseSeconds);
  const suspects = new Suspects(bound / 2);
  const planner = new ClaimPlanner({
    database,
    accounts,
    circuits,
    lanes,
    rules,
    pacer,
    admission,
    stuckLanes: () => unsettled.stuckLanes,
    suspects,
    pollIntervalMs: settings.pollIntervalMs,
    isTold: () => listener.listening,
    metrics,
    log,
  });
  const dispatcher = new Dispatcher({
    accounts,
    admission,
    concurrency: settings.concurrency,
    leaseSeconds: settings.leaseSeconds,
    policy: {
      maxAttempts: settings.maxAttempts,
      onUnknown: settings.onUnknown,
      backoff: { baseMs: settings.backoffBaseMs, maxMs: settings.backoffMaxMs },
    },
    unsettled,
    wakeup,
    metrics,
    log: rowLog,
  });
  const listener = new Listener({
    url: settings.listenUrl,
    notify: (channel) => notify(databases.heartbeat.kysely, channel),
    onNotification: () => {
      planner.insertTold(performance.now());
      wakeup.wake();
    },
    metrics,
    log,
  });
  const instance = new Instance(database, databases.heartbeat, {
    version,
    leaseSeconds: settings.leaseSeconds,
    onUnknown: settings.onUnknown,
    maxAttempts: settings.maxAttempts,
    canListen: () => listener.listening,
    metrics,
    health,
    log,
  });
  const loop = new TurnLoop({
    database,
    instance,
    planner,
    admission,
    dispatcher,
    unsettled,
    wakeup,
    suspects,
    turns: new LostTurns(),
    refusedWrites: new RefusedWrites({ database, unsettled, metrics, health, log }),
    lockWatch: new LockWatch(databases.side),
    patience: patienceFor(settings.leaseSeconds),
    turnBoundMs: bound,
    metrics,
    health,
    log,
  });
  const maintenance = new Maintenance(databases.side, metrics, health, log);
  const http = observe({
    databases,
    accountNames,
    maintenanceTasks,
    circuits,
    admission,
    pacer,
    dispatcher,
    unsettled,
    listener,
    metricsToken: settings.metricsToken,
    metrics,
    health,
    log,
  });
  const port = await http.start(settings.httpHost, settings.httpPort);
  const reloader = new Reloader(settings, daemonLog, readAgain, (changed, needsClients) => {
    if (needsClients) renewClients(accounts, changed, onSurplusAnswer);
    pacer.setRates(changed.ratesPerSecond);
    dispatcher.concurrency = changed.concurrency;
  });
  controls.on("reload", () => reloader.reload());
  controls.on("toggleDebug", () => reloader.toggleDebug());

  tellSettings(settings, log);
  log.info({ http: `http://${settings.httpHost}:${port}`, accounts: accountNames }, "started");
  const service = new ServiceManager(process.env, health, log);
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
    listener.start();
    log.info({ instance: instance.name }, "sending");
    const parts = { loop, dispatcher, unsettled, instance, listener, maintenance, health, log };
    return await sendUntilStopped(parts, stop, settings.drainTimeoutMs);
  } finally {
    service.close();
    await Promise.allSettled([http.stop(), databases.close(), closeAccounts(accounts)]);
    daemonLog.end();
  }
}
