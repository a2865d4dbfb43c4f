import { startEmbeddedServer, type PostgresServer } from "@talkme/test-postgres";

import { execute } from "./postgres.ts";

const name = "bench_standby";

/** A primary and its synchronous standby, both on this machine. Users commit without waiting for it unless they say so. */
export interface ReplicatedPair {
  readonly url: string;
  readonly standby: PostgresServer;
  remove(): Promise<void>;
}

/** @param settings Of both servers. */
export async function startReplicatedPair(
  settings: Readonly<Record<string, string>>,
  programs: string | null,
): Promise<ReplicatedPair> {
  const primary = await startEmbeddedServer({
    settings: { ...settings, shared_buffers: "256MB", wal_keep_size: "1GB" },
    ...(programs !== null && { binariesFolder: programs }),
  });
  try {
    await execute(primary.url, "alter role postgres set synchronous_commit = local");
    await primary.stop("fast");
    const { hostname, port, username, password } = new URL(primary.url);
    const standby = await primary.startStandby({
      primary_conninfo: `host=${hostname} port=${port} user=${username} password=${password} application_name=${name}`,
    });
    await primary.start();
    await execute(
      primary.url,
      `alter system set synchronous_standby_names = '${name}'`,
      "select pg_reload_conf()",
    );
    return { url: primary.url, standby, remove: async () => primary.remove() };
  } catch (error) {
    await primary.remove();
    throw error;
  }
}
