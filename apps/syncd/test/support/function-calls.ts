import type { Stage } from "./stage.ts";

/**
 * Makes the database count function calls on connections that begin from now on.
 *
 * @returns How often a function was called, as far as connections have reported; they do so at their end at the latest.
 */
export async function countFunctionCalls(stage: Stage): Promise<(name: string) => Promise<number>> {
  const [database] = await stage.sql("select current_database() as name");
  await stage.sql(`alter database "${String(database?.["name"])}" set track_functions = 'pl'`);
  return async (name) => {
    const [row] = await stage.sql(`select calls from pg_stat_user_functions where funcname = '${name}'`);
    return Number(row?.["calls"] ?? 0);
  };
}
