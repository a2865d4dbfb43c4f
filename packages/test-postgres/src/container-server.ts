import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { PostgreSqlContainer } from "@testcontainers/postgresql";

import { findFreePort } from "./free-port.ts";
import {
  throwAwaySettings,
  type PostgresServer,
  type StartOptions,
  type StopMode,
} from "./postgres-server.ts";

const image = "postgres:18";
const stopDeadlineMs = 30_000;

/** The signals of `pg_ctl stop`; the server is the container's first process. */
const signals = { fast: "INT", immediate: "QUIT" } as const satisfies Record<StopMode, string>;

/** Starts PostgreSQL in a container. Fails if no Docker engine answers or the image is missing. */
export async function startContainerServer(options: StartOptions = {}): Promise<PostgresServer> {
  const settings = { ...throwAwaySettings, ...options.settings };
  // Chosen here, because Docker would pick another port at each start.
  const port = await findFreePort();
  const container = await new PostgreSqlContainer(image)
    .withExposedPorts({ container: 5432, host: port })
    .withDatabase("postgres")
    .withUsername("postgres")
    .withPassword("postgres")
    .withCommand([
      "postgres",
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ])
    .start();
  const host = container.getHost();
  return {
    kind: "docker",
    url: container.getConnectionUri(),
    start: async () => {
      await container.restart();
    },
    // Not container.stop(), which Testcontainers does only once for a container.
    stop: async (mode = "fast") => {
      await container.exec(["bash", "-c", `kill -${signals[mode]} 1`]);
      const deadline = Date.now() + stopDeadlineMs;
      while (await accepts(host, port)) {
        if (Date.now() > deadline)
          throw new Error(`PostgreSQL in its container did not stop (${mode}) within 30 s.`);
        await sleep(50);
      }
    },
    remove: async () => {
      await container.stop();
    },
  };
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
