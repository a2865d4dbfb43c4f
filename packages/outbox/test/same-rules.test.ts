import { sql } from "kysely";
import { expect, test } from "vitest";

import { isBlank } from "../../core/src/message/blank.ts";
import { variableNames } from "../../core/src/message/info-contato.ts";
import { contactFields } from "../../simulator/src/api/contact-fields.ts";
import { accountName } from "../src/account-name.ts";
import { fateErrors, laneOf, parseLane, readQueue, scopesOf } from "../src/daemon.ts";
import { outboxLimits } from "../src/outbox-message.ts";
import { circuitKinds, onUnknowns, statuses } from "../src/status.ts";
import { TestOutbox } from "./support/outbox.ts";

const accounts = ["default", "vendas-2", "a_b", "0"];
const places = [
  { campaign: "1", channel: null },
  { campaign: "9007199254740991", channel: "9" },
  { campaign: null, channel: "12" },
];
const lanes = accounts.flatMap((account) =>
  places.map(({ campaign, channel }) => ({ account, campaign, channel })),
);

async function withLanes(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  const values = lanes.map(
    ({ account, campaign, channel }) => `('${account}', ${campaign}, ${channel}, '11988887777')`,
  );
  await outbox.insert("account, id_campanha, id_wpp, numero_dest", `values ${values.join(", ")}`);
  return outbox;
}

async function list(outbox: TestOutbox, query: string): Promise<readonly unknown[]> {
  const { rows } = await sql<Record<string, unknown>>`${sql.raw(query)}`.execute(outbox.db);
  return rows.map((row) => Object.values(row)[0]);
}

test("database and daemon parse a lane alike and derive the same scopes", async () => {
  const outbox = await withLanes();
  // Possible only in a row that bypassed the checks.
  await sql`alter table talkme.outbox disable trigger user`.execute(outbox.db);
  await outbox.insert("account, id_campanha, numero_dest", "values ('a/b', 7, '11988887777')");
  const { rows } = await sql<{ lane: string; parts: unknown; scopes: readonly string[] }>`
    select o.lane, to_json(p) as parts, array_remove(talkme.scopes_of(p.account, p.campaign, p.channel), null) as scopes
    from talkme.outbox as o
    cross join talkme.lane_parts(o.lane) as p
    order by o.id
  `.execute(outbox.db);

  const all = [...lanes, { account: "a/b", campaign: "7", channel: null }];
  expect(rows).toEqual(
    all.map((parts) => ({ lane: laneOf(parts), parts, scopes: ["all", ...scopesOf(parts)] })),
  );
  expect(rows.map(({ lane }) => parseLane(lane))).toEqual(all);
});

const stops = [
  "all",
  "account:vendas-2",
  "campaign:1",
  "campaign:9007199254740991",
  "channel:9",
  "channel:12",
  "account:nobody",
  "campaign:12",
  "inactive",
];

test.each(stops)(
  "the look, the claim, explain and is_paused agree on which lanes are stopped: %s",
  async (stop) => {
    const outbox = await withLanes();
    await outbox.register("a");
    const stopping =
      stop === "inactive"
        ? "insert into talkme.campaign (account, id_campanha, name, active) values ('vendas-2', 1, 'one', false)"
        : `insert into talkme.paused (scope, reason) values ('${stop}', 'wrong price')`;
    await sql.raw(stopping).execute(outbox.db);
    const stopped = lanes
      .filter((parts) =>
        stop === "inactive"
          ? laneOf(parts) === "vendas-2/1/-"
          : stop === "all" || scopesOf(parts).includes(stop),
      )
      .map(laneOf)
      .toSorted();

    const { lanes: seen } = await readQueue(outbox.daemon);
    expect(seen.filter(({ paused }) => paused).map(({ lane }) => lane)).toEqual(stopped);
    const asked = "select lane from talkme.outbox where";
    expect(
      await list(outbox, `${asked} talkme.is_paused(account, id_campanha, id_wpp) order by lane`),
    ).toEqual(stopped);
    expect(
      await list(outbox, `${asked} talkme.explain(id) ~ 'is paused by|is not active' order by lane`),
    ).toEqual(stopped);
    const claimed = await Promise.all(
      lanes.map(async (parts) => outbox.claim("a", { lane: laneOf(parts), account: parts.account })),
    );
    expect(
      lanes
        .filter((_, index) => claimed[index]?.length === 0)
        .map(laneOf)
        .toSorted(),
    ).toEqual(stopped);
  },
);

test("database, client and simulator know the same variables", async () => {
  const outbox = await TestOutbox.open();
  const known = await outbox.ask("select talkme.known_variables()");
  expect(known).toEqual(variableNames);
  expect(known).toEqual(contactFields);
});

test("database and daemon accept the same account names", async () => {
  const outbox = await TestOutbox.open();
  const texts = [
    ...accounts,
    "",
    "A",
    "-a",
    "_a",
    "a b",
    "a/b",
    "a\n",
    "\na",
    "é",
    "a.b",
    "a".repeat(63),
    "a".repeat(64),
  ];
  const { rows } = await sql<{ text: string }>`
    select text from unnest(${texts}::text[]) as text where talkme.is_account_name(text)
  `.execute(outbox.db);
  expect(rows.map(({ text }) => text)).toEqual(texts.filter((text) => accountName.test(text)));
});

test("database and client treat the same characters as blank, out of all Unicode", async () => {
  const outbox = await TestOutbox.open();
  const blank = await list(
    outbox,
    "select i from generate_series(1, 1114111) as i where i not between 55296 and 57343 and talkme.is_blank(chr(i))",
  );
  const all = Array.from({ length: 0x10_ff_ff }, (_, index) => index + 1);
  expect(blank).toEqual(
    all.filter((code) => (code < 0xd8_00 || code > 0xdf_ff) && isBlank(String.fromCodePoint(code))),
  );
});

/** An allowed value, and the next one, which is not. */
const limits = {
  account: ["a".repeat(63), "a".repeat(64)],
  txtmsg: ["👍".repeat(4096), "👍".repeat(4097)],
  assunto: ["x".repeat(255), "x".repeat(256)],
  dedupeKey: ["k".repeat(255), "k".repeat(256)],
  maxAttempts: [1000, 1001],
  priority: [32_767, 32_768],
  sendAt: [new Date("2000-01-01"), new Date("1999-12-31")],
  infoContato: [{ nome: "x".repeat(1024) }, { nome: "x".repeat(1025) }],
} as const;

test.each(Object.entries(limits))(
  "insert and enqueue draw the same limit: %s",
  async (name, [most, more]) => {
    const outbox = await TestOutbox.open();
    const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    for (const [value, fits] of [
      [most, true],
      [more, false],
    ] as const) {
      const given =
        value instanceof Date
          ? value.toISOString()
          : typeof value === "object"
            ? JSON.stringify(value)
            : value;
      const insert = sql`
      insert into talkme.outbox (${sql.raw(column)}, email_dest, numero_dest, id_campanha${sql.raw(column === "info_contato" ? "" : ", info_contato")})
      values (${given}, 'a@b.com', '11988887777', 1${sql.raw(column === "info_contato" ? "" : ", '{}'")})
    `.execute(outbox.db);
      expect(
        await insert.then(
          () => true,
          () => false,
        ),
      ).toBe(fits);
      expect(outboxLimits.safeParse({ emailDest: "a@b.com", [name]: value }).success).toBe(fits);
    }
  },
);

/** The quoted texts in parentheses after `words` in a catalog definition. */
function listedIn(definition: unknown, words: string): readonly string[] {
  const [, listed = ""] = String(definition).split(words);
  return [...listed.slice(0, listed.indexOf(")")).matchAll(/'(\w+)'/g)].map(([, value = ""]) => value);
}

test("database and daemon know the same statuses, on_unknown values and kinds of open circuits", async () => {
  const outbox = await TestOutbox.open();
  const source = async (name: string): Promise<unknown> =>
    outbox.ask(`select prosrc from pg_proc where oid = 'talkme.${name}'::regproc`);
  expect(listedIn(await source("refuse_contradiction"), "o.status not in (")).toEqual(statuses);
  expect(listedIn(await source("check_outbox"), "new.on_unknown not in (")).toEqual(onUnknowns);
  const check = await outbox.ask(
    "select pg_get_constraintdef(oid) from pg_constraint where conname = 'circuit_kind_known'",
  );
  expect(listedIn(check, "ARRAY[")).toEqual(circuitKinds);
});

test("a suppressed row says the same whether the claim or talkme.suppress cancelled it", async () => {
  const outbox = await TestOutbox.open();
  expect(await outbox.ask("select talkme.suppressed_error()")).toBe(fateErrors.suppressed);
});

test("the index of held rows has the time of held_until() in its condition, so that resume reads it alone", async () => {
  const outbox = await TestOutbox.open();
  const plan = await outbox.db.transaction().execute(async (transaction) => {
    await sql`set local enable_seqscan = off`.execute(transaction);
    const { rows } = await sql`
      explain (costs off) select id from talkme.outbox where status = 'pending' and retry_at = talkme.held_until()
    `.execute(transaction);
    return JSON.stringify(rows);
  });
  expect(plan).toContain("outbox_held");
  expect(plan).not.toMatch(/Filter|Cond/);
});
