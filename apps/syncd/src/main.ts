import { notify } from "@talkme/outbox/daemon";

import type { Settings } from "./config/settings.ts";
import { tellSettings } from "./config/tell-settings.ts";
import { writeAccountRules } from "./config/write-account-rules.ts";
import { describeDatabaseError } from "./database/database-fault.ts";
import { Databases } from "./database/databases.ts";
import { refuseUnfitDatabase } from "./database/refuse-unfit-database.ts";
import { waitForDatabase } from "./database/wait-for-database.ts";
import { Metrics } from "./metrics/metrics.ts";
import type { Controls } from "./operation/controls.ts";
import { Health } from "./operation/health.ts";
import { heartbeatDeadlines, Instance } from "./operation/instance.ts";
import { Listener } from "./operation/listener.ts";
import { createLog } from "./operation/log.ts";
import { LockWatch } from "./operation/lock-watch.ts";
import { Maintenance, maintenanceTasks } from "./operation/maintenance.ts";
import { observe } from "./operation/observe.ts";
import { Reloader } from "./operation/reloader.ts";
import { ServiceManager } from "./operation/service-manager.ts";
import { patienceFor, turnBoundMs } from "./pipeline/careful-path.ts";
import { Circuits } from "./pipeline/circuits.ts";
import { Claimer } from "./pipeline/claimer.ts";
import { Dispatcher } from "./pipeline/dispatcher.ts";
import { Gate } from "./pipeline/gate.ts";
import { LaneAnswers } from "./pipeline/lane-answers.ts";
import { LaneRules } from "./pipeline/lane-rules.ts";
import { closeAccounts, openAccounts, renewClients } from "./pipeline/open-accounts.ts";
import { Pacer } from "./pipeline/pacer.ts";
import { LostTurns } from "./pipeline/lost-turns.ts";
import { Pump } from "./pipeline/pump.ts";
import { RefusedWrites } from "./pipeline/refused-writes.ts";
import { sendUntilStopped } from "./pipeline/send-until-stopped.ts";
import { Settler } from "./pipeline/settler.ts";
import { Suspects } from "./pipeline/suspects.ts";
import { Wakeup } from "./pipeline/wakeup.ts";
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
  const settler = new Settler();
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
  const gate = new Gate({ accounts, circuits, lanes, rules, pacer, metrics });
  const bound = turnBoundMs(settings.leaseSeconds);
  const suspects = new Suspects(bound / 2);
  const claimer = new Claimer({
    database,
    accounts,
    circuits,
    lanes,
    rules,
    pacer,
    gate,
    stuckLanes: () => settler.stuckLanes,
    suspects,
    pollIntervalMs: settings.pollIntervalMs,
    isTold: () => listener.listening,
    metrics,
    log,
  });
  const dispatcher = new Dispatcher({
    accounts,
    gate,
    concurrency: settings.concurrency,
    leaseSeconds: settings.leaseSeconds,
    policy: {
      maxAttempts: settings.maxAttempts,
      onUnknown: settings.onUnknown,
      backoff: { baseMs: settings.backoffBaseMs, maxMs: settings.backoffMaxMs },
    },
    settler,
    wakeup,
    metrics,
    log: rowLog,
  });
  const listener = new Listener({
    url: settings.listenUrl,
    notify: (channel) => notify(databases.heartbeat.kysely, channel),
    onNotification: () => {
      claimer.insertTold(performance.now());
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
  const pump = new Pump({
    database,
    instance,
    claimer,
    gate,
    dispatcher,
    settler,
    wakeup,
    suspects,
    turns: new LostTurns(),
    refusedWrites: new RefusedWrites({ database, settler, metrics, health, log }),
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
    gate,
    pacer,
    dispatcher,
    settler,
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
    const parts = { pump, dispatcher, settler, instance, listener, maintenance, health, log };
    return await sendUntilStopped(parts, stop, settings.drainTimeoutMs);
  } finally {
    service.close();
    await Promise.allSettled([http.stop(), databases.close(), closeAccounts(accounts)]);
    daemonLog.end();
  }
}
