import type { Connection } from "../database/connection.ts";

/** Terminates all connections of the daemons, or a chosen one. */
export async function terminateBackends(connection: Connection, choice: number | null): Promise<void> {
  const backends = await connection.ask<{ pid: number }>(
    "select pid from pg_stat_activity where application_name = 'syncd' order by pid",
  );
  const chosen =
    choice === null
      ? backends
      : backends.filter((_, index) => index === choice % Math.max(1, backends.length));
  await connection.query("select pg_terminate_backend(pid) from unnest($1::integer[]) as pid", [
    chosen.map(({ pid }) => pid),
  ]);
}
