import type { Disturbance } from "./disturbance.ts";
import { exhaustConnections } from "./exhaust-connections.ts";
import { idleTransaction } from "./idle-transaction.ts";
import { killWorker } from "./kill-worker.ts";
import { restartPostgres } from "./restart-postgres.ts";
import { terminateBackends } from "./terminate-backends.ts";

export const disturbances: readonly Disturbance[] = [
  killWorker,
  restartPostgres,
  terminateBackends,
  exhaustConnections,
  idleTransaction,
];

/** The one after which no queue waits for anything, to see that everything works. */
export const quickDisturbances: readonly Disturbance[] = [idleTransaction];
