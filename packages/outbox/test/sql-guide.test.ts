import { readFile } from "node:fs/promises";

import { Client, DatabaseError } from "pg";
import { expect, inject, onTestFinished, test } from "vitest";

import type { ClaimedRow, Settlement } from "../src/daemon.ts";
import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { sqlBlocks, type SqlBlock } from "./support/sql-blocks.ts";

const guide = await readFile(new URL("../../../docs/sql.md", import.meta.url), "utf8");
const checks = await readFile(new URL("../migrations/0002_outbox_checks.sql", import.meta.url), "utf8");

const lost = {
  status: "unknown",
  errorCode: "timeout",
  httpStatus: null,
  reference: null,
  attempt: { account: "default", action: "simples", outcome: "unknown", ageMs: 40, durationMs: 30 },
} as const;

/** What became of the rows that the guide speaks of, by their numbers in the guide. */
const history: Readonly<Record<string, Partial<Settlement>>> = {
  42: { status: "failed", errorCode: "not_found", httpStatus: 404 },
  43: { status: "failed", errorCode: "invalid_ddd", httpStatus: null, attempt: null },
  45: lost,
  46: lost,
  47: lost,
  49: {},
  50: { status: "failed", errorCode: "connection_refused", httpStatus: null },
  52: { status: "failed", errorCode: "not_found", httpStatus: 404 },
};

/** Puts the rows of {@link history} into the table, and what else the guide supposes; returns them as claimed. */
async function tellHistory(outbox: TestOutbox): Promise<ReadonlyMap<string, ClaimedRow>> {
  const insert = async (columns: string, values: string): Promise<unknown> =>
    outbox.insert(columns, `overriding system value ${values}`);
  await outbox.register("a");
  const ids = Object.keys(history);
  await insert("id, numero_dest, id_campanha", `select unnest(array[${ids.join(", ")}]), '20988887777', 1`);
  const overdue = "now() - interval '2 hours', now() - interval '1 hour'";
  await insert(
    "id, numero_dest, id_campanha, send_at, expires_at",
    `values (44, '11988887777', 1, ${overdue})`,
  );

  const claimed = new Map((await outbox.claim("a", { limit: 20 })).map((row) => [row.id, row]));
  const toSend = [...claimed.values()];
  await outbox.settle(toSend.map((row) => settlementOf(row, "a", history[row.id])));

  await outbox.ask(
    "insert into talkme.lane values ('default/777/-', 'default', null, 2, now() + interval '1 hour')",
  );
  await outbox.ask(`
    insert into talkme.circuit (account, kind, opened_at, half_open_at)
    values ('vendas', 'trouble', now(), now() + interval '1 hour')`);
  await insert("id, numero_dest, id_campanha", "values (48, '11988887777', 1), (51, '11988887777', 777)");
  return claimed;
}

/** Runs a block as psql would, and says what came of it. */
async function run(client: Client, { sql }: SqlBlock): Promise<string> {
  try {
    const results = [await client.query(sql)].flat();
    const withoutRows = results.some(({ fields, rowCount }) => fields.length > 0 && rowCount === 0);
    return withoutRows ? "found no rows" : "done";
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return error.constraint === undefined ? `failed: ${error.message}` : `refused by ${error.constraint}`;
  }
}

/** Roles belong to the server: they have to go when the test's database is gone. */
function dropRolesAtTheEnd(names: readonly string[]): void {
  onTestFinished(async () => {
    const server = new Client({ connectionString: inject("postgresUrl") });
    await server.connect();
    for (const name of names) await server.query(`drop role if exists ${name}`);
    await server.end();
  });
}

test("every SQL block of the guide does what the guide says, in the order in which it is read", async () => {
  const blocks = sqlBlocks(guide);
  expect(blocks.length).toBeGreaterThan(30);
  dropRolesAtTheEnd(
    blocks.flatMap(({ sql }) => [...sql.matchAll(/create role (\w+)/g)].map(([, name = ""]) => name)),
  );
  const outbox = await TestOutbox.open();
  const claimed = await tellHistory(outbox);
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  onTestFinished(() => client.end());

  const outcomes: string[] = [];
  for (const block of blocks) outcomes.push(`line ${block.line}: ${await run(client, block)}`);
  expect(outcomes).toEqual(
    blocks.map(
      ({ line, refusedBy }) => `line ${line}: ${refusedBy === null ? "done" : `refused by ${refusedBy}`}`,
    ),
  );

  const due = await outbox.claim("a", { limit: 20 });
  expect(due.map(({ id }) => id).toSorted()).toEqual(
    ["42", "43", "44", "47", "48", "50"], // what the guide made pending again
  );
  const decided = ["45", "46", "47"].flatMap((id) => claimed.get(id) ?? []);
  const late = await outbox.settle(decided.map((row) => settlementOf(row, "a")));
  expect(late.stale.toSorted()).toEqual(["45", "46", "47"]);
});

test("the guide lists every refusal of the insert, with its message, and no other", () => {
  const refusals = [...checks.matchAll(/'(outbox_\w+)',\s*(?:format\()?'([^']+)'/g)].map(
    ([, constraint = "", message = ""]) => [constraint, message.replaceAll(/%[sL]/g, "…")],
  );
  const documented = [...guide.matchAll(/^\| `(outbox_\w+)` +\| ([^|]+?) +\| [^|]+\|$/gm)].map(
    ([, constraint, message]) => [constraint, message],
  );
  expect(refusals.length).toBeGreaterThan(20);
  expect(documented).toEqual(refusals.toSorted((a, b) => order(documented, a) - order(documented, b)));
});

function order(rows: readonly (readonly (string | undefined)[])[], row: readonly string[]): number {
  const place = rows.findIndex(([constraint]) => constraint === row[0]);
  return place < 0 ? rows.length : place;
}

test("the guide names every constraint of the table that a person can meet", async () => {
  const outbox = await TestOutbox.open();
  const names = await outbox.ask(
    "select array_agg(conname::text) from pg_constraint where conrelid = 'talkme.outbox'::regclass and contype = 'c'",
  );
  expect(names).toContain("outbox_status_known");
  for (const name of [names].flat()) expect(guide).toContain(`\`${String(name)}\``);
});
