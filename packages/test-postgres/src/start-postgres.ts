import { startEmbeddedServer } from "./embedded-server.ts";
import type { PostgresServer, StartOptions } from "./postgres-server.ts";

/**
 * Starts a real PostgreSQL: in a container if a Docker engine answers and has the image, otherwise embedded.
 * `TALKME_TEST_POSTGRES` = `docker` or `embedded` overrides this.
 */
export async function startPostgres(options: StartOptions = {}): Promise<PostgresServer> {
  const wanted = process.env["TALKME_TEST_POSTGRES"] ?? "any";
  switch (wanted) {
    case "embedded":
      return startEmbeddedServer(options);
    case "docker":
      return startInContainer(options);
    case "any":
      return startInContainer(options).catch(() => startEmbeddedServer(options));
    default:
      throw new Error(`TALKME_TEST_POSTGRES is "${wanted}"; expected docker, embedded or nothing.`);
  }
}

async function startInContainer(options: StartOptions): Promise<PostgresServer> {
  // Testcontainers is slow to load; the embedded server does not need it.
  const { startContainerServer } = await import("./container-server.ts");
  return startContainerServer(options);
}
