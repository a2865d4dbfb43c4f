import { startEmbeddedServer } from "@talkme/test-postgres";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { registerInstance, settleAndClaim } from "../src/daemon.ts";
import { enqueue, migrate } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { settlementOf, wishFor } from "./support/outbox.ts";

test("claims and settlements survive a server crash, even with synchronous_commit off", async () => {
  const server = await startEmbeddedServer({
    inMemory: true,
    settings: { synchronous_commit: "off", wal_writer_delay: "10s", autovacuum: "off" },
  });
  const before = connect(server.url);
  onTestFinished(() => server.remove());
  await migrate(before);
  await registerInstance(before, { name: "a", version: "0", host: "test", pid: 1, leaseSeconds: 30 });
  for (let i = 0; i < 2; i += 1) await enqueue(before, { idCampanha: 1, numeroDest: "11988887777" });

  const { claimed } = await settleAndClaim(before, "a", [], [wishFor({ limit: 1 })]);
  const sent = claimed.map((row) => settlementOf(row, "a"));
  await settleAndClaim(before, "a", sent, [wishFor({ limit: 1 })]);
  // Nothing waits for this commit: its loss shows that the crash loses what is not durable.
  await enqueue(before, { idCampanha: 1, numeroDest: "11988887777" });
  await server.stop("immediate");
  await before.destroy();
  await server.start();

  const after = connect(server.url);
  const { rows } = await sql<{ status: string }>`select status from talkme.outbox order by id`.execute(after);
  await after.destroy();
  expect(rows).toEqual([{ status: "sent" }, { status: "sending" }]);
});
