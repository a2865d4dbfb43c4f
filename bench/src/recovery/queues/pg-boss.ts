import { startPeer } from "../../contenders/start-peer.ts";
import { insertJobs, withBoss } from "../../contenders/pg-boss.ts";
import { bodyFor, infoContato } from "../../message.ts";
import { pgBossQueue } from "../../peers/pg-boss-queue.ts";
import type { DisturbedQueue } from "../disturbed-queue.ts";
import { fatesFrom } from "../fates.ts";
import { asOwner } from "../peer-login.ts";

/** The least that it takes. By default there is none: what a dead process had fetched waits for a quarter of an hour. */
const heartbeatSeconds = 10;

/** @see ../../peers/pg-boss.ts for its settings. */
export const disturbedPgBoss: DisturbedQueue = {
  name: "pg-boss",
  login: "bench_pg_boss",
  migrate: async (url) =>
    withBoss(await asOwner(url, disturbedPgBoss.login), async (boss) => {
      await boss.createQueue(pgBossQueue, { heartbeatSeconds });
    }),
  fill: async (url, count) =>
    withBoss(url, async (boss) =>
      insertJobs(boss, count, (index) => {
        const body = bodyFor(1);
        return { ...body, info_contato: { ...infoContato, geral1: String(index + 1) } };
      }),
    ),
  start: (work) => startPeer("pg-boss", work, "recovery"),
  // Nothing: the next process notices the heartbeats that do not come.
  afterDeath: async () => {},
  fates: async (url) =>
    fatesFrom(
      url,
      `select (data->'info_contato'->>'geral1')::integer as job, case
         when state = 'completed' then 'done' when state in ('failed', 'cancelled') then 'failed' else 'waiting'
       end as fate
       from pgboss.job where name = '${pgBossQueue}'`,
    ),
};
