import { DatabaseClient } from "./database-client.ts";
import type { DatabaseHost } from "./database-url.ts";

const deadlineMs = 5000;

/** A connection of `syncd check`, not opened yet: it waits five seconds for an answer, and its loss alone raises nothing. */
export function checkConnection(url: string, only: DatabaseHost | null = null): DatabaseClient {
  const config = {
    connectionString: url,
    application_name: "syncd check",
    connectionTimeoutMillis: deadlineMs,
    query_timeout: deadlineMs,
  };
  const client = new DatabaseClient(config, only);
  client.on("error", () => "The query that is under way fails with it.");
  return client;
}
