import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { installedVersions } from "@talkme/test-postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Shop, startShopServer, versions, type ShopServer } from "../support/shop.ts";

const map = {
  numero_dest: "phone::bigint",
  id_campanha: "1000 / total",
  "info_contato.nome": "customer",
  "info_contato.geral1": "repeat('x', total::int)",
  dedupe_key: "customer || id",
};

interface FailingRow {
  readonly values: string;
  readonly entry: string;
  readonly code: string;
  readonly rule: string | null;
  readonly says: string;
}

const failing: readonly FailingRow[] = [
  {
    values: "(1, null, 'Ana', 1)",
    entry: "numero_dest",
    code: "23514",
    rule: "outbox_recipient_given",
    says: "no recipient (numero_dest, email_dest)",
  },
  {
    values: "(1, 'ligue 11988887777', 'Ana', 1)",
    entry: "numero_dest",
    code: "22P02",
    rule: null,
    says: `invalid input syntax for type bigint: "..."`,
  },
  {
    values: "(1, '11', 'Ana', 1)",
    entry: "numero_dest",
    code: "23514",
    rule: "outbox_numero_dest_format",
    says: "numero_dest is not a telephone number",
  },
  {
    values: "(1, '11988887777', 'Ana', 0)",
    entry: "id_campanha",
    code: "22012",
    rule: null,
    says: "division by zero",
  },
  {
    values: "(1, '11988887777', 'Ana', null)",
    entry: "id_campanha",
    code: "23514",
    rule: "outbox_target_given",
    says: "neither a campaign nor a channel (id_campanha, id_wpp)",
  },
  {
    values: "(1, '11988887777', E'Ana\\nSilva', 1)",
    entry: "info_contato.nome",
    code: "23514",
    rule: "outbox_info_contato_whitespace",
    says: "info_contato.nome contains a line break",
  },
  {
    values: "(1, '11988887777', repeat('x', 300), 1)",
    entry: "dedupe_key",
    code: "23514",
    rule: "outbox_dedupe_key_length",
    says: "dedupe_key",
  },
];
const insert = "insert into orders (id, phone, customer, total) values ";

describe.each(versions)("on the PostgreSQL $version", ({ folder }) => {
  let server: ShopServer;
  beforeAll(async () => {
    server = await startShopServer(folder);
  });
  afterAll(async () => server.stop());

  test("a row that gives no message fails the customer's transaction, naming capture, entry, reason and the row's key", async () => {
    const shop = await Shop.open(server);
    await shop.owner.capture("orders", "id > 0", map, { name: "orders_in" });
    for (const { values, entry, code, rule, says } of failing) {
      const failure = await shop.application.failure(insert + values);
      expect(failure).toMatchObject({ code, constraint: rule ?? "capture_failed" });
      expect(failure.message).toMatch(/^capture orders_in: /);
      expect(failure.message).toContain(entry);
      expect(failure.message).toContain(says);
      expect(failure.detail).toContain(`Row of the table: app.orders {"id": 1}`);
      expect(failure.hint).toMatch(/\w/);
      expect(JSON.stringify(failure).replace(failure.hint ?? "", "")).not.toContain("11988887777");
    }
    expect(await shop.admin.ask("select count(*)::int from app.orders")).toBe(0);
    expect(await shop.messages()).toEqual([]);
  });

  test("with on_error => 'record' the row stays, nothing is sent, and talkme.capture_error says why", async () => {
    const shop = await Shop.open(server);
    await shop.owner.capture("orders", "id > 0", map, { name: "orders_in", on_error: "record" });
    for (const [i, { values }] of failing.entries())
      await shop.application.run(insert + values.replace("(1,", `(${i + 1},`));
    await shop.application.run(
      `${insert} (100, '11988887777', 'Ana', 1), (101, 'x', 'Ana', 1), (102, '11988887777', 'Ana', 2)`,
    );

    const errors = await shop.admin.rows("select * from talkme.capture_error order by id");
    expect(errors).toMatchObject([
      ...failing.map(({ entry, code, rule }, i) => ({
        capture: "orders_in",
        source: "app.orders",
        event: "INSERT",
        key: { id: i + 1 },
        entry,
        sqlstate: code,
        rule,
        written_by: shop.applicationName,
      })),
      { key: { id: 101 }, entry: "numero_dest" },
    ]);
    const stored = "select json_agg(to_jsonb(e) - 'hint' - 'at')::text from talkme.capture_error as e";
    expect(await shop.admin.ask(stored)).not.toMatch(/\d{8}|Ana/);
    expect(await shop.admin.ask("select count(*)::int from app.orders")).toBe(failing.length + 3);
    expect((await shop.messages()).map(({ dedupe_key }) => dedupe_key)).toEqual(["Ana100", "Ana102"]);
    expect(await shop.admin.ask("select errors::int from talkme.captures")).toBe(failing.length + 1);

    // Errors that a retry cures go to the application, whatever on_error says.
    await shop.owner
      .run(`create function app.deadlock() returns text language plpgsql set search_path = app as
      $$ begin raise exception using errcode = '40P01', message = 'deadlock'; end $$`);
    await shop.owner.capture(
      "orders",
      "id > 0",
      { ...map, txtmsg: "deadlock()" },
      { name: "orders_in", on_error: "record", replace: true },
    );
    expect(await shop.application.failure(`${insert} (200, '11988887777', 'Ana', 1)`)).toMatchObject({
      code: "40P01",
      message: "capture orders_in: deadlock",
    });
  });

  test("a failing condition is reported; a key that holds the recipient is not shown", async () => {
    const shop = await Shop.open(server);
    await shop.owner.run("create table app.people (phone text, no int, primary key (phone, no))");
    await shop.owner.capture(
      "people",
      "1 / no > 0",
      { numero_dest: "phone", id_wpp: 7 },
      { events: "insert" },
    );
    const failure = await shop.owner.failure("insert into app.people values ('11988887777', 0)");
    expect(failure).toMatchObject({
      message: "capture people: when cannot be worked out: division by zero",
      detail: 'Row of the table: app.people {"no": 0}.',
    });
  });

  test("a right revoked from the owner fails the insert; no other rights are used to send", async () => {
    const shop = await Shop.open(server);
    await shop.owner.capture("orders", "id > 0", { numero_dest: "phone", id_wpp: 7 });
    await shop.admin.run(`revoke talkme_producer from ${shop.ownerName}`);
    expect((await shop.application.failure(`${insert} (1, '11988887777', 'Ana', 1)`)).code).toBe("42501");
    expect(
      (await shop.admin.failure(`insert into app.orders (id, phone) values (1, '11988887777')`)).code,
    ).toBe("42501");
  });

  test("a capture waits only seconds for a locked table", async () => {
    const shop = await Shop.open(server);
    await shop.application.run("begin; insert into orders (id) values (1)");
    expect(
      (await shop.owner.captureFailure("orders", "id > 0", { numero_dest: "phone", id_wpp: 7 })).code,
    ).toBe("55P03");
  });
});

// A DBA sees this text.
test.skipIf(installedVersions().length === 0)("psql shows a readable error", async () => {
  const shop = await Shop.open(await startShopServer(null));
  await shop.owner.capture(
    "orders",
    "status = 'shipped'",
    { numero_dest: "phone", id_campanha: "total / (id - 1)" },
    { name: "shipped" },
  );
  const psql = `${installedVersions().at(-1)?.folder}/psql`;
  const statement =
    "insert into app.orders (id, status, phone, total) values (1, 'shipped', '11988887777', 1)";
  const failure = await promisify(execFile)(psql, [
    "-X",
    "-v",
    "SHOW_CONTEXT=never",
    "-d",
    shop.ownerUrl,
    "-c",
    statement,
  ]).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    stderr: `ERROR:  capture shipped: id_campanha cannot be worked out: division by zero
DETAIL:  Row of the table: app.orders {"id": 1}.
HINT:  Correct the row, or the map: select map from talkme.captures where name = 'shipped'.
`,
  });
});
