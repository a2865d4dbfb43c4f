import { chown, mkdtemp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { configure, dataFolder, runFor, serverOf, type Cluster } from "./embedded-cluster.ts";
import { findFreePort } from "./free-port.ts";
import type { PostgresServer } from "./postgres-server.ts";

/**
 * Starts a hot standby from a copy of the data of a server that was stopped cleanly. Without `primary_conninfo` among the
 * settings it follows nobody.
 */
export async function startStandby(
  primary: Cluster,
  settings: Readonly<Record<string, string>>,
): Promise<PostgresServer> {
  const home = await mkdtemp(join(dirname(primary.home), "talkme-standby-"));
  const cluster: Cluster = { ...primary, home, port: await findFreePort() };
  if (cluster.user !== null) await chown(home, cluster.user.uid, cluster.user.gid);
  const server = serverOf(cluster);
  try {
    await runFor(cluster, "cp", ["-R", "-p", dataFolder(primary), dataFolder(cluster)]);
    await configure(cluster, { hot_standby: "on", ...settings });
    await writeFile(join(dataFolder(cluster), "standby.signal"), "");
    await server.start();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return server;
}
