import { setTimeout as sleep } from "node:timers/promises";

import { escapeIdentifier } from "pg";

import { withClient } from "../../stage/postgres.ts";
import type { Disturbance } from "./disturbance.ts";
import { terminateAll } from "./terminate-backends.ts";

/**
 * By the login's limit: the error is that of a full server (53300), nobody can be quicker than the others at taking a slot,
 * and no hundred idle processes take part in the measurement.
 */
export const exhaustConnections: Disturbance = {
  name: "connections exhausted",
  how: "the queue's connections are ended, and each new one is refused with 53300, too many connections",
  strike: async ({ url, login, ms }) =>
    withClient(url, async (client) => {
      const limit = async (connections: number): Promise<void> => {
        await client.query(`alter role ${escapeIdentifier(login)} connection limit ${connections}`);
      };
      await limit(0);
      try {
        await terminateAll(client, login);
        await sleep(ms);
      } finally {
        await limit(-1);
      }
    }),
};
