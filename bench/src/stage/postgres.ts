import {
  createDatabase,
  startEmbeddedServer,
  type PostgresServer,
  type TestDatabase,
} from "@talkme/test-postgres";
import { Client } from "pg";

/**
 * The same for all. Room to work, so that a checkpoint in the middle of one run and not of another decides nothing, nor
 * when the buffers are full: a million rows that are sent write 1.5 GB. And everything is written as for a crash. Whether
 * a commit also waits for the disk is another matter: a disk that others share takes a millisecond now and ten then.
 */
export function settingsFor(durable: boolean): Readonly<Record<string, string>> {
  return {
    fsync: durable ? "on" : "off",
    full_page_writes: "on",
    synchronous_commit: "on",
    shared_buffers: "2GB",
    max_wal_size: "8GB",
    checkpoint_timeout: "30min",
  };
}

/** @param programs The folder of the server's programs; null for the embedded server. */
export async function startServer(durable: boolean, programs: string | null): Promise<PostgresServer> {
  return startEmbeddedServer({
    settings: settingsFor(durable),
    ...(programs !== null && { binariesFolder: programs }),
  });
}

/** Does something with a connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs statements one after another, on a connection of their own. */
export async function execute(url: string, ...statements: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

/** Does something with a database that is gone afterwards: a copy of `template`. */
export async function withDatabase<T>(
  serverUrl: string,
  template: string,
  work: (database: TestDatabase) => Promise<T>,
): Promise<T> {
  const database = await createDatabase(serverUrl, { template });
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}
