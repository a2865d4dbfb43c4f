import { countRows, expireOverdue } from "@talkme/outbox/daemon";
import { describe, expect, onTestFinished, test, type TestContext } from "vitest";

import { Database } from "../src/database/database.ts";
import { OwnServer } from "./support/own-server.ts";
import { PgBouncer } from "./support/pgbouncer.ts";

const ways = {
  directly: async (_: TestContext, { url }: OwnServer) => url,
  "over TLS": async (_: TestContext, { url }: OwnServer) => `${url}?sslmode=no-verify`,
  "through PgBouncer": async (context: TestContext, { url }: OwnServer) =>
    (await PgBouncer.open(context, url, 4)).url,
};

/** Counts the server's sessions for syncd, whoever connects on its behalf. */
const backends = (condition: string): string => `
  select count(*)::integer from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid() and ${condition}
`;

describe.each(Object.entries(ways))("statements that are given up (%s)", (_, wayTo) => {
  test("are cancelled in the server: they do not pile up behind a lock until connections run out", async (context) => {
    const server = await OwnServer.open({ tls: true });
    const url = await wayTo(context, server);
    const database = new Database(url, () => {}, { connectMs: 5000, statementMs: 150 });
    onTestFinished(() => database.close());
    const locker = await server.connect();
    const count = async (condition: string): Promise<number> =>
      Number((await server.sql(backends(condition)))[0]?.["count"]);
    await locker.query("begin; lock table talkme.outbox");

    const seen: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const both = [countRows(database.kysely), expireOverdue(database.kysely, 1)];
      for (const { status } of await Promise.allSettled(both)) expect(status).toBe("rejected");
      if (round % 2 === 0) database.replace();
      seen.push(await count("true"));
    }
    expect(Math.max(...seen)).toBeLessThanOrEqual(6);
    // The lock is still held.
    await expect.poll(() => count("wait_event_type = 'Lock'")).toBe(0);

    await locker.query("rollback");
    await expect(expireOverdue(database.kysely, 1)).resolves.toEqual([]);
    await expect.poll(() => count("state <> 'idle'")).toBe(0);
  });
});
