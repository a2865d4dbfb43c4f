import { beginEpoch, isFromServer, type Patience } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Health } from "../service/health.ts";
import type { Instance } from "../instance/instance.ts";
import type { LockWatch } from "../database/lock-watch.ts";
import type { ClaimPlanner } from "../lanes/claim-planner.ts";
import type { Dispatcher } from "../sending/dispatcher.ts";
import type { LostTurns } from "./lost-turns.ts";
import type { RefusedWrites } from "../sending/refused-writes.ts";
import type { UnsettledAnswers } from "../sending/unsettled-answers.ts";
import type { Suspects } from "../lanes/suspects.ts";
import type { Wakeup } from "../sending/wakeup.ts";

/** The parts that claim and settle rows one by one. */
export interface CarefulParts {
  readonly database: Database;
  readonly instance: Instance;
  readonly planner: ClaimPlanner;
  readonly unsettled: UnsettledAnswers;
  readonly dispatcher: Dispatcher;
  readonly suspects: Suspects;
  readonly turns: LostTurns;
  readonly refusedWrites: RefusedWrites;
  readonly lockWatch: LockWatch;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly wakeup: Wakeup;
  readonly log: Logger;
  /** How long a single row may take: see `patienceFor`. */
  readonly patience: Patience;
}

/** Runs `work`, and looks into what its statement waits for if that takes long. */
export type Watched = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Whether an error that sounds like the server's is about a row all the same: the statement was rolled back, and the server
 * takes at once another write that no customer's trigger sees.
 */
export async function isServerFine(error: unknown, { database, instance }: CarefulParts): Promise<boolean> {
  // An error that ends the connection leaves the commit in doubt.
  if (!isFromServer(error) || /^(?:57P|08)/.test(error.code)) return false;
  return beginEpoch(database.kysely, instance.name, instance.epoch).then(
    () => true,
    () => false,
  );
}
