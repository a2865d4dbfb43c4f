import type { Logger } from "pino";

import { describeDatabaseError } from "../database/database-fault.ts";
import type { Health } from "../service/health.ts";
import type { Instance } from "../instance/instance.ts";
import type { StandbyWatch } from "../instance/standby-watch.ts";
import type { Listener } from "../instance/listener.ts";
import type { Maintenance } from "../maintenance/maintenance.ts";
import type { Dispatcher } from "../sending/dispatcher.ts";
import type { TurnLoop } from "./turn-loop.ts";
import type { UnsettledAnswers } from "../sending/unsettled-answers.ts";

export interface PipelineParts {
  readonly loop: TurnLoop;
  readonly dispatcher: Dispatcher;
  readonly unsettled: UnsettledAnswers;
  readonly instance: Instance;
  readonly listener: Listener;
  readonly standby: StandbyWatch;
  readonly maintenance: Maintenance;
  readonly health: Health;
  readonly log: Logger;
}

/** After the last requests are given up, the time left to write what became of them. */
const lastSettlesMs = 5000;

/**
 * Sends until `stop` is aborted, then drains: claims nothing more, waits at most `drainTimeoutMs` for the requests
 * on the wire, gives up the rest (they become `unknown`), settles everything and leaves nothing in `sending`.
 *
 * @returns 0 after a clean stop; 1 where the database could not be told everything. Those rows become `unknown`
 *   when the lease is over.
 */
export async function sendUntilStopped(
  parts: PipelineParts,
  stop: AbortSignal,
  drainTimeoutMs: number,
): Promise<number> {
  const { loop, dispatcher, unsettled, instance, listener, standby, maintenance, health, log } = parts;
  const giveUp = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const drain = (): void => {
    log.info({ in_flight: dispatcher.inFlight, drain_timeout_ms: drainTimeoutMs }, "draining");
    health.drains();
    loop.drain();
    timers.push(setTimeout(() => dispatcher.abort(), drainTimeoutMs));
    timers.push(setTimeout(() => giveUp.abort(), drainTimeoutMs + lastSettlesMs));
  };
  stop.addEventListener("abort", drain, { once: true });
  if (stop.aborted) drain();

  const holdsNothing = await loop.run(giveUp.signal);
  timers.forEach(clearTimeout);
  standby.stop();
  await Promise.all([listener.stop(), maintenance.stop(), instance.silence()]);

  const claims = [...dispatcher.claims, ...unsettled.claims];
  if (!holdsNothing) {
    log.error({ claims }, "stopped without telling the database what became of these rows");
    return 1;
  }
  try {
    await instance.unregister();
  } catch (error) {
    // It has no rows, and the others find it dead when its lease is over.
    log.warn(describeDatabaseError(error), "could not unregister");
  }
  log.info("stopped");
  return 0;
}
