import type { Stage } from "./stage.ts";

/**
 * Has the database count the calls of its functions, for connections that begin from now on.
 *
 * @returns How often a function was called, as far as connections have told: at the latest when they end.
 */
export async function countFunctionCalls(stage: Stage): Promise<(name: string) => Promise<number>> {
  const [database] = await stage.sql("select current_database() as name");
  await stage.sql(`alter database "${String(database?.["name"])}" set track_functions = 'pl'`);
  return async (name) => {
    const [row] = await stage.sql(`select calls from pg_stat_user_functions where funcname = '${name}'`);
    return Number(row?.["calls"] ?? 0);
  };
}
