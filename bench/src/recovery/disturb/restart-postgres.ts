import { setTimeout as sleep } from "node:timers/promises";

import { execute } from "../../stage/postgres.ts";
import type { Disturbance } from "./disturbance.ts";

export const restartPostgres: Disturbance = {
  name: "PostgreSQL restarted",
  how: "stopped in the mode fast, and started again",
  strike: async ({ server, url, ms }) => {
    await server.stop("fast");
    await sleep(ms / 2);
    await server.start();
    await execute(url, "select");
  },
};
