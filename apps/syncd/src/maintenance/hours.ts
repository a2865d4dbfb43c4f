import { setTimeout as sleep } from "node:timers/promises";

import { rollUp } from "@talkme/outbox/daemon";

import type { Database } from "../database/database.ts";

/** Keeps a second instance from repeating the round. */
const restSeconds = 240;

/** Counts the hours that ended since the last round. Rests after each for as long as it took. */
export async function rollUpHours({ kysely }: Database, stop: AbortSignal): Promise<void> {
  let hour: string | null = null;
  for (let more = true; more && !stop.aborted;) {
    const startedAtMs = performance.now();
    const step = await rollUp(kysely, hour, restSeconds);
    hour = step.counted;
    more = step.more;
    const pauseMs = performance.now() - startedAtMs;
    if (more) await sleep(pauseMs, undefined, { signal: stop }).catch(() => "stopped");
  }
}
