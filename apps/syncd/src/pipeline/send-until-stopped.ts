import type { Logger } from "pino";

import { describeDatabaseError } from "../database/database-fault.ts";
import type { Health } from "../operation/health.ts";
import type { Instance } from "../operation/instance.ts";
import type { Listener } from "../operation/listener.ts";
import type { Maintenance } from "../operation/maintenance.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Pump } from "./pump.ts";
import type { Settler } from "./settler.ts";

export interface PipelineParts {
  readonly pump: Pump;
  readonly dispatcher: Dispatcher;
  readonly settler: Settler;
  readonly instance: Instance;
  readonly listener: Listener;
  readonly maintenance: Maintenance;
  readonly health: Health;
  readonly log: Logger;
}

/** After the requests are given up, the database has this long to take what became of them. */
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
  const { pump, dispatcher, settler, instance, listener, maintenance, health, log } = parts;
  const giveUp = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const drain = (): void => {
    log.info({ in_flight: dispatcher.inFlight, drain_timeout_ms: drainTimeoutMs }, "draining");
    health.drains();
    pump.drain();
    timers.push(setTimeout(() => dispatcher.abort(), drainTimeoutMs));
    timers.push(setTimeout(() => giveUp.abort(), drainTimeoutMs + lastSettlesMs));
  };
  stop.addEventListener("abort", drain, { once: true });
  if (stop.aborted) drain();

  const holdsNothing = await pump.run(giveUp.signal);
  timers.forEach(clearTimeout);
  await Promise.all([listener.stop(), maintenance.stop(), instance.silence()]);

  const unsettled = [...dispatcher.claims, ...settler.claims];
  if (!holdsNothing) {
    log.error({ claims: unsettled }, "stopped without telling the database what became of these rows");
    return 1;
  }
  try {
    await instance.unregister();
  } catch (error) {
    // It holds no row: the others find it dead when its lease is over.
    log.warn(describeDatabaseError(error), "could not unregister");
  }
  log.info("stopped");
  return 0;
}
