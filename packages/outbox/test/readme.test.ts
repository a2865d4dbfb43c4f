import { readFile } from "node:fs/promises";

import { sql } from "kysely";
import { expect, test } from "vitest";

import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { sqlBlocks } from "./support/sql-blocks.ts";

const attempt = {
  account: "default",
  action: "simples",
  outcome: "unknown",
  ageMs: 40,
  durationMs: 30,
} as const;

/** The rows that the page mentions: 43 waits, 44 has failed, 45 is unknown. */
async function tellHistory(outbox: TestOutbox): Promise<void> {
  const insert = async (ids: string): Promise<unknown> =>
    outbox.insert(
      "id, numero_dest, id_campanha",
      `overriding system value select unnest(array[${ids}]), '11988887779', 1`,
    );
  await outbox.register("a");
  await insert("44, 45");
  const [failed, lost] = await outbox.claim("a", { limit: 2 });
  if (failed === undefined || lost === undefined) throw new Error("Nothing was claimed.");
  await outbox.settle([
    settlementOf(failed, "a", { status: "failed", errorCode: "not_found", attempt: null }),
    settlementOf(lost, "a", { status: "unknown", errorCode: "timeout", attempt }),
  ]);
  await insert("42, 43");
  await outbox.ask("select setval(pg_get_serial_sequence('talkme.outbox', 'id'), 1000)");
}

test.for(["README.md", "README.pt-BR.md"])(
  "the SQL of %s runs as it is typed, and does what the page says",
  async (page) => {
    const text = await readFile(new URL(`../../../${page}`, import.meta.url), "utf8");
    const blocks = sqlBlocks(text.replaceAll(/^ {3}/gm, ""));
    expect(blocks).toHaveLength(3);
    const outbox = await TestOutbox.open();
    await tellHistory(outbox);

    for (const { sql: block } of blocks) await sql.raw(block).execute(outbox.db);

    expect(
      await outbox.ask("select jsonb_object_agg(id, status) from talkme.outbox where id between 42 and 45"),
    ).toEqual({ 42: "pending", 43: "cancelled", 44: "pending", 45: "sent" });
    expect(
      await outbox.ask("select jsonb_object_agg(status, error_code) from talkme.outbox where id > 1000"),
    ).toEqual({
      cancelled: "suppressed",
    });
    expect(await outbox.ask("select open_minutes is not null from talkme.account")).toBe(true);
  },
);
