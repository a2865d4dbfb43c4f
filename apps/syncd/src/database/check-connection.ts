import { DatabaseClient } from "./database-client.ts";

const deadlineMs = 5000;

/** A connection of `syncd check`, not opened yet: it waits five seconds for an answer, and its loss alone raises nothing. */
export function checkConnection(url: string): DatabaseClient {
  const client = new DatabaseClient({
    connectionString: url,
    application_name: "syncd check",
    connectionTimeoutMillis: deadlineMs,
    query_timeout: deadlineMs,
  });
  client.on("error", () => "The query that is under way fails with it.");
  return client;
}
