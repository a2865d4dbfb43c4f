import { expect, test } from "vitest";

import { shippedMap, Shop, startShopServer, type Failure } from "../support/shop.ts";

const register =
  "select talkme.register_capture($1, 'app.orders'::regclass, $2, $3::jsonb, $4, $5::boolean, $6)";

/** A trigger that a producer can make without talkme.capture, so that only the list is left to check it. */
const handMade = `
  create function app.talkme_capture_own() returns trigger language plpgsql as 'begin return null; end';
  create trigger talkme_capture_own_insert after insert on app.orders for each row execute function app.talkme_capture_own();`;

interface Registration {
  readonly name?: unknown;
  readonly condition?: unknown;
  readonly map?: unknown;
  readonly events?: unknown;
  readonly eachTime?: unknown;
  readonly onError?: unknown;
}

const target = { numero_dest: "phone", id_campanha: 1 };

const registrations: readonly (readonly [string, Registration])[] = [
  ["capture_map_object", { map: [1] }],
  ["capture_map_object", { map: [] }],
  ["capture_map_object", { map: null }],
  ["capture_map_object", { map: "numero_dest" }],
  ["capture_map_object", { map: 1 }],
  ["capture_map_object", { map: true }],
  ["capture_recipient_given", { map: {} }],
  ["capture_target_given", { map: { numero_dest: "phone" } }],
  ["capture_map_known", { map: { ...target, no_such_column: "phone" } }],
  ["capture_map_known", { map: { ...target, NUMERO_DEST: "phone" } }],
  ["capture_map_known", { map: { ...target, '"numero_dest"': "phone" } }],
  ["capture_map_known", { map: { ...target, "numero_dest.nome": "phone" } }],
  ["capture_map_known", { map: { ...target, "info_contato.": "phone" } }],
  ["capture_map_known", { map: { ...target, "info_contato.nome.nome": "phone" } }],
  ["capture_map_known", { map: { ...target, "": "phone" } }],
  ["capture_map_known", { map: { ...target, ["x".repeat(100_000)]: "phone" } }],
  ["capture_map_known", { map: { ...target, status: "'sent'" } }],
  ["capture_map_known", { map: { ...target, ctid: "phone" } }],
  ["capture_map_value", { map: { ...target, txtmsg: null } }],
  ["capture_map_value", { map: { ...target, txtmsg: [] } }],
  ["capture_map_value", { map: { ...target, txtmsg: {} } }],
  ["capture_map_value", { map: { ...target, txtmsg: { value: { nested: { deeper: 1 } } } } }],
  ["capture_map_value", { map: { ...target, txtmsg: { value: "x", other: 1 } } }],
  ["capture_map_value", { map: { ...target, info_contato: { value: ["nome"] } } }],
  ["capture_map_value", { map: { ...target, info_contato: { value: "nome" } } }],
  ["capture_map_value", { map: { ...target, info_contato: {} } }],
  ["capture_map_value", { map: { ...target, txtmsg: `'${"x".repeat(10_000)}'` } }],
  ["capture_map_info_contato", { map: { ...target, info_contato: "'{}'", "info_contato.nome": "phone" } }],
  ["capture_name", { name: null }],
  ["capture_name", { name: "" }],
  ["capture_name", { name: "x".repeat(100_000) }],
  ["capture_name", { name: "own'; drop table x" }],
  ["capture_events", { events: null }],
  ["capture_events", { events: "insert or delete" }],
  ["capture_events", { events: "[1]" }],
  ["capture_settings", { eachTime: null }],
  ["capture_on_error", { onError: null }],
  ["capture_on_error", { onError: "ignore" }],
  ["capture_when", { condition: null }],
  ["capture_when", { condition: "x".repeat(10_001) }],
];

test("no malformed capture enters the list, by talkme.capture or past it: each is refused by a rule's name", async () => {
  const shop = await Shop.open(await startShopServer(null));
  await shop.owner.run(handMade);
  for (const [rule, given] of registrations) {
    const { name = "own", condition = "true", map = target, events = "insert", eachTime = false } = given;
    const { onError = "block" } = given;
    const failure = await shop.owner.failure(register, [
      name,
      condition,
      JSON.stringify(map),
      events,
      eachTime,
      onError,
    ]);
    expectRefused(failure, rule);
    if (given.map !== undefined)
      expectRefused(await shop.owner.captureFailure("orders", "total > 0", map), rule);
  }
  expect(await shop.admin.rows("select from talkme.captures")).toEqual([]);
});

function expectRefused(failure: Failure, rule: string): void {
  expect(failure).toMatchObject({ constraint: rule });
  expect(failure.message).toMatch(/^talkme\.capture: /);
  expect(failure.message.length).toBeLessThan(400);
  expect(failure.hint).toMatch(/\w/);
}

test("a listed capture has the triggers of its events, backed by a function of the table's owner", async () => {
  const shop = await Shop.open(await startShopServer(null));
  await shop.owner.run(handMade);
  const registration = ["own", "true", JSON.stringify(target), "insert or update", false, "block"] as const;
  expectRefused(await shop.owner.failure(register, registration), "capture_known");

  await shop.owner.run("drop trigger talkme_capture_own_insert on app.orders");
  await shop.admin.run(`
    create function public.talkme_capture_own() returns trigger language plpgsql as 'begin return null; end';
    grant execute on function public.talkme_capture_own() to ${shop.ownerName};`);
  await shop.owner.run(
    "create trigger talkme_capture_own_insert after insert on app.orders for each row execute function public.talkme_capture_own()",
  );
  const inserts = ["own", "true", JSON.stringify(target), "insert", false, "block"];
  expectRefused(await shop.owner.failure(register, inserts), "capture_known");

  await shop.owner.run(
    `drop trigger talkme_capture_own_insert on app.orders; drop function app.talkme_capture_own;`,
  );
  await shop.owner.capture("orders", "status = 'shipped'", shippedMap, { name: "own" });
  expect(await shop.owner.failure(register, registration)).toMatchObject({ constraint: "capture_exists" });
});

test("a capture with changed, dropped or reassigned parts does not break the list or other captures", async () => {
  const shop = await Shop.open(await startShopServer(null));
  await shop.owner.run(
    ["renamed", "cascaded", "moved", "given", "gone"]
      .map((table) => `create table app.${table} (id int primary key, phone text, "Fone ""novo""" text);`)
      .join("\n"),
  );
  const map = { numero_dest: "phone", id_wpp: 7, txtmsg: '"Fone ""novo"""' };
  for (const table of ["renamed", "cascaded", "moved", "given", "gone"])
    await shop.owner.capture(`app.${table}`, "true", map, { name: table, events: "insert" });
  await shop.owner.capture("orders", "status = 'shipped'", shippedMap, { name: "neighbour" });

  expect((await shop.owner.failure("alter table app.renamed drop column phone")).code).toBe("2BP01");
  await shop.owner.run(`
    alter table app.renamed rename column phone to fone;
    alter table app.renamed rename to renamed_too;
    alter table app.cascaded drop column phone cascade;`);
  await shop.admin.run(`
    create schema elsewhere authorization ${shop.ownerName};
    alter table app.moved set schema elsewhere;
    create role taker_${shop.ownerName}; alter table app.given owner to taker_${shop.ownerName};
    drop table app.gone cascade;`);

  try {
    expect(
      await shop.admin.rows(
        "select name, split_part(status, ':', 1) as status from talkme.captures order by name",
      ),
    ).toEqual([
      { name: "cascaded", status: "broken" },
      { name: "given", status: "broken" },
      { name: "gone", status: "broken" },
      { name: "moved", status: "on" },
      { name: "neighbour", status: "on" },
      { name: "renamed", status: "on" },
    ]);
    expect(
      await shop.owner.failure(`insert into app.cascaded (id, "Fone ""novo""") values (1, 'x')`),
    ).toMatchObject({
      constraint: "capture_broken",
      hint: expect.stringContaining("drop_capture('cascaded')"),
    });
    await shop.owner.run(`
      insert into app.renamed_too values (1, '11988887777', 'renamed');
      insert into elsewhere.moved values (1, '11988887777', 'moved');
      insert into orders (id, status, phone) values (1, 'shipped', '11988887777');`);
    expect((await shop.messages()).map(({ txtmsg }) => txtmsg)).toEqual(["renamed", "moved", null]);
    await shop.owner.run(`
      select talkme.drop_capture('cascaded'), talkme.drop_capture('renamed'), talkme.drop_capture('neighbour');`);
    await shop.admin.run("select talkme.drop_capture('given'), talkme.drop_capture('gone')");
    expect(await shop.admin.rows("select name from talkme.captures")).toEqual([{ name: "moved" }]);
  } finally {
    await shop.admin.run(
      `reassign owned by taker_${shop.ownerName} to postgres; drop role taker_${shop.ownerName}`,
    );
  }
});

test("even a broken entry by the schema's owner does not break the list or other captures", async () => {
  const shop = await Shop.open(await startShopServer(null));
  await shop.admin.run(`
    alter table talkme.capture_rule drop constraint if exists capture_rule_map_object;
    insert into talkme.capture_rule (name, source, schema_name, condition, map, events, each_time, on_error)
    select 'broken_' || number, source, 'app', 'true', map, 'insert', false, 'block'
    from (values
      (1, 'app.orders'::regclass, '[1]'::jsonb), (2, 'app.orders', '1'), (3, 'app.orders', 'null'),
      (4, 'app.orders', '{"no_such_column": 1}'), (5, '999999', '{}'), (6, 'app.orders', '{"ctid": 1, "": 2}')
    ) as entry (number, source, map);`);

  expect(await shop.owner.rows("select name, map, status, errors from talkme.captures")).toHaveLength(6);
  await shop.owner.capture("orders", "status = 'shipped'", shippedMap);
  await shop.application.run("insert into orders (id, status, phone) values (1, 'shipped', '11988887777')");
  expect(await shop.messages()).toHaveLength(1);
  expect(await shop.owner.ask("select talkme.drop_capture('broken_1')")).toContain("is gone");
});
