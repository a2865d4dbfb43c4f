import { readFile } from "node:fs/promises";

import { Client, DatabaseError } from "pg";
import { expect, inject, onTestFinished, test } from "vitest";

import type { ClaimedRow, Settlement } from "../src/daemon.ts";
import { readSqlFiles } from "../src/migrations/sql-files.ts";
import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { sqlBlocks, type SqlBlock } from "./support/sql-blocks.ts";
import { countTableRows, refusalsByPsql, wrongStatements } from "./support/wrong-statements.ts";

const guide = await readFile(new URL("../../../docs/sql.md", import.meta.url), "utf8");

const lost = {
  status: "unknown",
  errorCode: "timeout",
  httpStatus: null,
  reference: null,
  attempt: { account: "default", action: "simples", outcome: "unknown", ageMs: 40, durationMs: 30 },
} as const;

/** What became of the rows that the guide mentions, by their numbers there. */
const history: Readonly<Record<string, Partial<Settlement>>> = {
  42: { status: "failed", errorCode: "not_found", httpStatus: 404 },
  43: { status: "failed", errorCode: "ambiguous_phone", httpStatus: null, attempt: null },
  45: lost,
  46: lost,
  47: lost,
  49: {},
  50: { status: "failed", errorCode: "connection_refused", httpStatus: null },
  52: { status: "failed", errorCode: "not_found", httpStatus: 404 },
};

/** Inserts the rows of {@link history} and what else the guide assumes; returns them as claimed. */
async function tellHistory(outbox: TestOutbox): Promise<ReadonlyMap<string, ClaimedRow>> {
  const insert = async (columns: string, values: string): Promise<unknown> =>
    outbox.insert(columns, `overriding system value ${values}`);
  await outbox.register("a");
  const ids = Object.keys(history);
  await insert("id, numero_dest, id_campanha", `select unnest(array[${ids.join(", ")}]), '+51912345678', 1`);
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

/** Runs a block as psql would, and returns its outcome. */
async function run(client: Client, { sql }: SqlBlock): Promise<string> {
  try {
    const results = [await client.query(sql)].flat();
    const withoutRows = results.some(({ fields, rowCount }) => fields.length > 0 && rowCount === 0);
    return withoutRows ? "found no rows" : "done";
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const isRefusal = error.code === "42501" || error.code === "42P10";
    const by = error.constraint ?? (isRefusal ? error.code : null);
    return by === null ? `failed: ${error.message}` : `refused by ${by}`;
  }
}

/** Roles belong to the server: they are dropped after the test's database. */
function dropRolesAtTheEnd(names: readonly string[]): void {
  onTestFinished(async () => {
    const server = new Client({ connectionString: inject("postgresUrl") });
    await server.connect();
    for (const name of names) await server.query(`drop role if exists ${name}`);
    await server.end();
  });
}

interface ReadGuide {
  readonly outbox: TestOutbox;
  readonly claimed: ReadonlyMap<string, ClaimedRow>;
  /** The outcome of each block. */
  readonly outcomes: readonly string[];
}

/** Runs every block of the guide in order, as a reader would. */
async function readTheGuide(): Promise<ReadGuide> {
  const blocks = sqlBlocks(guide);
  const roles = blocks.flatMap(({ sql }) =>
    [...sql.matchAll(/create role (\w+)/g)].map(([, name = ""]) => name),
  );
  dropRolesAtTheEnd(roles);
  const outbox = await TestOutbox.open();
  const claimed = await tellHistory(outbox);
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  onTestFinished(() => client.end());

  const outcomes: string[] = [];
  const firstInsert = blocks.find(({ sql }) => sql.includes("insert into talkme.outbox"));
  for (const block of blocks) {
    outcomes.push(`line ${block.line}: ${await run(client, block)}`);
    // After the first row, which the guide calls 1, its inserts must not take the numbers of the rows it assumes.
    if (block === firstInsert)
      await outbox.ask("alter table talkme.outbox alter column id restart with 1000");
  }
  return { outbox, claimed, outcomes };
}

test("every SQL block of the guide, run in order, does what the guide says", async () => {
  const blocks = sqlBlocks(guide);
  expect(blocks.length).toBeGreaterThan(30);

  const { outbox, claimed, outcomes } = await readTheGuide();

  expect(outcomes).toEqual(
    blocks.map(
      ({ line, refusedBy }) => `line ${line}: ${refusedBy === null ? "done" : `refused by ${refusedBy}`}`,
    ),
  );
  const statusOf =
    "select array_agg(id || ' ' || status order by id) from talkme.outbox where id between 42 and 52";
  expect(await outbox.ask(statusOf)).toEqual([
    "42 pending",
    "43 pending",
    "44 pending",
    "45 sent",
    "46 failed",
    "47 pending",
    "48 pending",
    "49 sent",
    "50 pending",
    "51 cancelled",
    "52 failed",
  ]);
  const decided = ["45", "46", "47"].flatMap((id) => claimed.get(id) ?? []);
  const late = await outbox.settle(decided.map((row) => settlementOf(row, "a")));
  expect(late.stale.toSorted()).toEqual(["45", "46", "47"]);
});

test("every wrong statement of the guide's table is refused, and psql shows the text of the table", async (context) => {
  const statements = wrongStatements(guide);
  expect(statements).toHaveLength(countTableRows(guide));
  expect(statements.length).toBeGreaterThan(40);
  const { outbox } = await readTheGuide();

  const refusals = await refusalsByPsql(
    context,
    outbox.url,
    statements.map(({ sql }) => sql),
  );

  const shown = refusals.map((refusal, i) => {
    const { sql = "", message = "" } = statements[i] ?? {};
    const pattern = message
      .split("…")
      .map((part) => RegExp.escape(part))
      .join(".*");
    const isAsDocumented = new RegExp(`^${pattern}$`).test(refusal.message);
    return Object.assign(refusal, { sql, message: isAsDocumented ? message : refusal.message });
  });
  expect(shown).toEqual(statements);
});

test("the guide's table has every rule that refuses something", async () => {
  const rules = new Set<string>();
  for (const { text } of await readSqlFiles()) {
    for (const [rule] of text.matchAll(
      /(?<=(?:outbox_refuse|refuse_action)\(\s*')\w+|(?<=refuse_as\(\s*')outbox_\w+|(?<=(?:when|then) ')outbox_\w+/g,
    ))
      rules.add(rule);
  }
  expect(rules.size).toBeGreaterThan(25);
  const documented = new Set(wrongStatements(guide).map(({ constraint }) => constraint));
  expect([...rules].filter((rule) => !documented.has(rule))).toEqual([]);
});

test("the guide's table has every rule of the settings", async () => {
  const outbox = await TestOutbox.open();
  const names = await outbox.ask(`
    select array_agg(conname::text order by conname) from pg_constraint
    where conrelid in ('talkme.account'::regclass, 'talkme.campaign'::regclass, 'talkme.holiday'::regclass) and contype = 'c'
  `);
  expect(names).toContain("campaign_rate_range");
  const documented = wrongStatements(guide);
  expect([names].flat()).toEqual(
    [names].flat().filter((name) => documented.some(({ constraint }) => constraint === name)),
  );
});
