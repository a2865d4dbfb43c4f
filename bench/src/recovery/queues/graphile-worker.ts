import { runMigrations } from "graphile-worker";

import { startPeer } from "../../contenders/start-peer.ts";
import { bodyFor } from "../../message.ts";
import { execute, withClient } from "../../stage/postgres.ts";
import type { DisturbedQueue } from "../disturbed-queue.ts";
import { fatesFrom } from "../fates.ts";
import { asOwner } from "../peer-login.ts";

/** @see ../../peers/graphile-worker.ts for its settings. */
export const disturbedGraphileWorker: DisturbedQueue = {
  name: "graphile-worker",
  login: "bench_graphile_worker",
  migrate: async (url) =>
    runMigrations({ connectionString: await asOwner(url, disturbedGraphileWorker.login) }),
  fill: async (url, count) =>
    withClient(url, async (client) => {
      await client.query(
        `select count(*) from graphile_worker.add_jobs(array(
           select row('send', jsonb_set($1::jsonb, '{info_contato,geral1}', to_jsonb(i::text))::json,
             null, null, null, null, null, null)::graphile_worker.job_spec
           from generate_series(1, $2::integer) as i
         ))`,
        [JSON.stringify(bodyFor(1)), count],
      );
    }),
  start: (work) => startPeer("graphile-worker", work, "recovery"),
  // What a dead worker had locked stays so for four hours. Its documentation has an operator unlock it.
  afterDeath: async (url) =>
    execute(
      url,
      `select graphile_worker.force_unlock_workers(array(
         select distinct locked_by from graphile_worker._private_jobs where locked_by is not null
       ))`,
    ),
  fates: async (url) =>
    fatesFrom(
      url,
      `select (payload->'info_contato'->>'geral1')::integer as job,
         case when attempts >= max_attempts and locked_at is null then 'failed' else 'waiting' end as fate
       from graphile_worker._private_jobs`,
    ),
};
