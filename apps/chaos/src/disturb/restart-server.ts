import { setTimeout as sleep } from "node:timers/promises";

import type { PostgresServer, StopMode } from "@talkme/test-postgres";

import { Connection } from "../database/connection.ts";

/** Stops the server in one of its modes, and starts it again after a while. */
export async function restartServer(
  server: PostgresServer,
  databaseUrl: string,
  mode: StopMode,
  downMs: number,
): Promise<void> {
  await server.stop(mode);
  await sleep(downMs);
  await server.start();
  await using connection = new Connection(databaseUrl, "disturber");
  await connection.ask("select");
}
