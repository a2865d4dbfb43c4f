import { migrate } from "@talkme/outbox";

import { startSyncd } from "../stage/node-child.ts";
import { withClient } from "../stage/postgres.ts";
import type { Contender } from "./contender.ts";
import { fillOutbox } from "./fill-outbox.ts";
import { withOutbox } from "./with-outbox.ts";

export const syncd: Contender = {
  name: "syncd",
  migrate: async (databaseUrl) => {
    await withOutbox(databaseUrl, migrate);
  },
  fill: async (databaseUrl, count) => fillOutbox(databaseUrl, { count }),
  start: (work) => startSyncd(work),
  isDrained: async (databaseUrl) => isOutboxDrained(databaseUrl),
};

/** Whether no row of a lane, or of any lane, is waiting or being sent. */
export async function isOutboxDrained(databaseUrl: string, lane: string | null = null): Promise<boolean> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ drained: boolean }>(
      `select not exists (
         select from talkme.outbox where status = 'pending' and ($1::text is null or lane = $1)
       ) and not exists (select from talkme.outbox where status = 'sending') as drained`,
      [lane],
    );
    return rows[0]?.drained === true;
  });
}
