import { Client } from "pg";

const connectTimeoutMs = 1500;
/** Longer than a leader takes to notice that its standbys are gone; a commit that waits longer is given up. */
const queryTimeoutMs = 8000;

/**
 * Connects to the first server that takes writes, as libpq does with several hosts and `target_session_attrs=read-write`.
 * After a failover that may for a while be the old one.
 *
 * @throws if there is none at present.
 */
export async function connectToWritable(urls: readonly string[], name: string): Promise<Client> {
  for (const url of urls) {
    const client = await connected(url, name);
    if (client !== null) return client;
  }
  throw new Error("No server takes writes.");
}

/** The URLs of those that take writes: more than one while an old leader does not know better. */
export async function writableServers(urls: readonly string[]): Promise<readonly string[]> {
  const answers = await Promise.all(
    urls.map(async (url) => {
      const client = await connected(url, "writable");
      if (client !== null) void client.end().catch(() => "It is of no more use.");
      return client === null ? [] : [url];
    }),
  );
  return answers.flat();
}

async function connected(url: string, name: string): Promise<Client | null> {
  const client = new Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
  });
  client.on("error", () => "The next statement fails with it.");
  try {
    await client.connect();
    const { rows } = await client.query<{ standby: boolean }>("select pg_is_in_recovery() as standby");
    if (rows[0]?.standby === false) return client;
  } catch {
    // It is down, starting, or stands still.
  }
  void client.end().catch(() => "It is of no more use.");
  return null;
}
