import { runMigrations } from "graphile-worker";

import { bodyFor } from "../message.ts";
import { withClient } from "../stage/postgres.ts";
import type { Contender } from "./contender.ts";
import { startPeer } from "./start-peer.ts";

const batch = 10_000;

export const graphileWorker: Contender = {
  name: "graphile-worker",
  migrate: async (databaseUrl) => runMigrations({ connectionString: databaseUrl }),
  fill: async (databaseUrl, count) =>
    withClient(databaseUrl, async (client) => {
      for (let from = 0; from < count; from += batch) {
        await client.query(
          `select count(*) from graphile_worker.add_jobs(array(
             select row('send', $1::json, null, null, null, null, null, null)::graphile_worker.job_spec
             from generate_series(1, $2::integer)
           ))`,
          [JSON.stringify(bodyFor(1)), Math.min(batch, count - from)],
        );
      }
      await client.query("vacuum (analyze)");
    }),
  start: (work) => startPeer("graphile-worker", work, "drain"),
  isDrained: async (databaseUrl) =>
    withClient(databaseUrl, async (client) => {
      const { rows } = await client.query<{ drained: boolean }>(
        "select not exists (select from graphile_worker._private_jobs) as drained",
      );
      return rows[0]?.drained === true;
    }),
};
