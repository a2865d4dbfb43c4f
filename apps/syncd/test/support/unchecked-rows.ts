import { Client } from "pg";

/** Values of columns as SQL. */
export type Columns = Readonly<Record<string, string>>;

/**
 * Inserts rows in one transaction past the insert checks, as a restored dump, a replica or an older version may have
 * left them. Returns their ids in order.
 */
export async function insertUnchecked(databaseUrl: string, rows: readonly Columns[]): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("set local session_replication_role = replica");
    const ids: string[] = [];
    for (const row of rows) {
      const { rows: inserted } = await client.query<{ id: string }>(
        `insert into talkme.outbox (${Object.keys(row).join(", ")}) values (${Object.values(row).join(", ")}) returning id`,
      );
      ids.push(...inserted.map(({ id }) => id));
    }
    await client.query("commit");
    return ids;
  } finally {
    await client.end();
  }
}
