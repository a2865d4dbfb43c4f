import { createDatabase, installedVersions, startEmbeddedServer } from "@talkme/test-postgres";
import type { Kysely } from "kysely";
import { inject, onTestFinished } from "vitest";

import type { OutboxDatabase } from "../../src/index.ts";
import { connect } from "./connect.ts";

/** The server that all tests use, and one of each version that the system has. */
export const servers: readonly {
  readonly server: string;
  readonly start: () => Promise<{ url: string; stop: () => Promise<void> }>;
}[] = [
  {
    server: "the usual PostgreSQL",
    start: async () => ({ url: inject("postgresUrl"), stop: async () => {} }),
  },
  ...installedVersions().map(({ version, folder }) => ({
    server: `PostgreSQL ${version}`,
    start: async () => {
      const started = await startEmbeddedServer({ binariesFolder: folder, inMemory: true });
      return { url: started.url, stop: () => started.remove() };
    },
  })),
];

/** An empty database, dropped after the test. */
export async function openEmpty(): ReturnType<typeof openEmptyOn> {
  return openEmptyOn(inject("postgresUrl"));
}

/** An empty database on a server, dropped after the test. */
export async function openEmptyOn(
  serverUrl: string,
): Promise<{ readonly url: string; readonly db: Kysely<OutboxDatabase> }> {
  const database = await createDatabase(serverUrl);
  const db = connect(database.url);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
  return { url: database.url, db };
}
