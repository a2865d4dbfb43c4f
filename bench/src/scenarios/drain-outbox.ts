import { isOutboxDrained } from "../contenders/syncd.ts";
import { trustLanes } from "../contenders/fill-outbox.ts";
import { measureDrain, type Drain } from "../measure/drain.ts";
import { startSyncd } from "../stage/node-child.ts";
import type { Bench } from "../stage/bench-stage.ts";

export interface OutboxDrain {
  readonly databaseUrl: string;
  readonly count: number;
  /** Waits only for rows of this lane. */
  readonly lane?: string;
  /** The most requests for rows of other lanes in between. */
  readonly strangers?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs the daemon until a filled outbox is drained. */
export async function drainOutbox(
  { api, concurrency }: Bench,
  { databaseUrl, count, lane, strangers = 0, settings = {} }: OutboxDrain,
): Promise<Drain> {
  await trustLanes(databaseUrl);
  return measureDrain({
    api,
    count,
    strangers,
    start: () => [startSyncd({ databaseUrl, apiUrl: api.url, concurrency, settings })],
    isDrained: async () => isOutboxDrained(databaseUrl, lane ?? null),
  });
}
