import { withClient } from "../stage/postgres.ts";
import type { Fate } from "./disturbed-queue.ts";

/** Reads fates by a query that returns `job` and `fate`. */
export async function fatesFrom(url: string, query: string): Promise<ReadonlyMap<number, Fate>> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ job: number; fate: Fate }>(query);
    return new Map(rows.map(({ job, fate }) => [job, fate]));
  });
}
