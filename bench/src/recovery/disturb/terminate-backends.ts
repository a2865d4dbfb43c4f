import { setTimeout as sleep } from "node:timers/promises";

import type { Client } from "pg";

import { withClient } from "../../stage/postgres.ts";
import type { Disturbance } from "./disturbance.ts";

const everyMs = 500;

export const terminateBackends: Disturbance = {
  name: "backends terminated",
  how: "all of the queue's connections, twice a second",
  strike: async ({ url, login, ms }) =>
    withClient(url, async (client) => {
      const endMs = performance.now() + ms;
      while (performance.now() < endMs) {
        await terminateAll(client, login);
        await sleep(everyMs);
      }
    }),
};

/** Ends every connection of a login. */
export async function terminateAll(client: Client, login: string): Promise<void> {
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [login]);
}
