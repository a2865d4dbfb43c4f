import { setTimeout as sleep } from "node:timers/promises";

import { withClient } from "../../stage/postgres.ts";
import type { Disturbance } from "./disturbance.ts";

export const idleTransaction: Disturbance = {
  name: "transaction left idle",
  how: "it has a snapshot and a transaction number: nothing that dies in this time can be removed",
  strike: async ({ url, ms }) =>
    withClient(url, async (client) => {
      await client.query("begin isolation level repeatable read");
      await client.query("select pg_current_xact_id()");
      await sleep(ms);
      await client.query("commit");
    }),
};
