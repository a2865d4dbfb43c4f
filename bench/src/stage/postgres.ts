import {
  createDatabase,
  startEmbeddedServer,
  type PostgresServer,
  type TestDatabase,
} from "@talkme/test-postgres";
import { Client } from "pg";

/**
 * The same for all, with enough room that neither a checkpoint in one run nor full buffers decide the result: sending a
 * million rows writes 1.5 GB. Writes everything that crash safety needs. Waiting for the disk is a separate option, because
 * a shared disk takes one millisecond now and ten then.
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

/** Runs `work` on its own connection. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs statements one after another on their own connection. */
export async function execute(url: string, ...statements: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

/** Runs `work` on a temporary copy of `template`. */
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
