import { PostgreSqlContainer } from "@testcontainers/postgresql";

import { throwAwaySettings, type PostgresServer, type StartOptions } from "./postgres-server.ts";

const image = "postgres:18";

/** Starts PostgreSQL in a container. Fails where no Docker engine answers or the image cannot be had. */
export async function startContainerServer(options: StartOptions = {}): Promise<PostgresServer> {
  const settings = { ...throwAwaySettings, ...options.settings };
  const container = await new PostgreSqlContainer(image)
    .withDatabase("postgres")
    .withUsername("postgres")
    .withPassword("postgres")
    .withCommand([
      "postgres",
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ])
    .start();
  return {
    kind: "docker",
    url: container.getConnectionUri(),
    start: async () => {
      await container.restart();
    },
    stop: async (mode = "fast") => {
      await container.stop({ remove: false, timeout: mode === "fast" ? 30_000 : 0 });
    },
    remove: async () => {
      await container.stop();
    },
  };
}
