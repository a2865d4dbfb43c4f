import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { sqlBlocks } from "./support/sql-blocks.ts";

const operations = await readFile(new URL("../../../docs/operations.md", import.meta.url), "utf8");
const [restored = "", copied = ""] = sqlBlocks(
  operations.split(/^## /m).find((section) => section.startsWith("Failover and backups")) ?? "",
).map((block) => block.sql);

/** Two waiting rows, one on the wire that would be resent, and one in doubt. */
async function open(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insert(
    "numero_dest, id_campanha, on_unknown, send_at",
    "select '1198888777' || i, 1, 'resend', '2026-01-01 00:00+00' from generate_series(1, 4) as i",
  );
  const [, inDoubt] = await outbox.claim("a", { limit: 2 });
  if (inDoubt === undefined) throw new Error("Nothing was claimed.");
  await outbox.settle([settlementOf(inDoubt, "a", { status: "unknown", errorCode: "timeout" })]);
  return outbox;
}

async function statuses(outbox: TestOutbox): Promise<readonly unknown[]> {
  const rows = await Promise.all(["1", "2", "3", "4"].map((id) => outbox.row(id)));
  return rows.map(({ status }) => status);
}

test("the runbook's SQL after a restore leaves every due row to a person, and explain says why", async () => {
  const outbox = await open();
  await outbox.ask(restored);
  expect(await statuses(outbox)).toEqual(["unknown", "unknown", "unknown", "unknown"]);
  expect(await outbox.ask("select talkme.explain(3)")).toContain(
    "Row 3 may have been sent. It was pending when the database lost its last commits.",
  );
});

test("the runbook's SQL in a copy leaves no row that anything would send", async () => {
  const outbox = await open();
  await outbox.ask(copied);
  expect(await statuses(outbox)).toEqual(["unknown", "unknown", "cancelled", "cancelled"]);
});
