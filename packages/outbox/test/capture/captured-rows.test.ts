import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { shippedMap, Shop, startShopServer, versions, type ShopServer } from "../support/shop.ts";

describe.each(versions)("on the PostgreSQL $version", ({ folder }) => {
  let server: ShopServer;
  beforeAll(async () => {
    server = await startShopServer(folder);
  });
  afterAll(async () => server.stop());

  test("a row that comes to meet the condition becomes one message in the transaction of an application without rights on the outbox", async () => {
    const { admin, owner, application, applicationName, ...shop } = await openShop();
    await owner.capture("orders", "status = 'shipped'", shippedMap, { name: "shipped" });

    await application.run("insert into orders values (1, 'new', '11988887777', 'Fulano', 1234.5)");
    expect(await shop.messages()).toEqual([]);
    await application.run("begin; update orders set status = 'shipped'; rollback");
    expect(await shop.messages()).toEqual([]);
    await application.run("update orders set status = 'shipped'");
    await application.run("update orders set total = 2 where status = 'shipped'");
    await application.run("insert into orders values (2, 'shipped', '11988887778', null, 2)");

    expect(await shop.messages()).toMatchObject([
      {
        numero_dest: "11988887777",
        id_campanha: "123456",
        info_contato: { nome: "Fulano", geral1: "1,234.50" },
        dedupe_key: "order 1",
        status: "pending",
        account: "default",
        created_by: applicationName,
      },
      { numero_dest: "11988887778", info_contato: { geral1: "2.00" }, dedupe_key: "order 2" },
    ]);
    expect((await application.failure("select * from talkme.outbox")).code).toBe("42501");
    expect((await application.failure("insert into talkme.outbox (id_wpp) values (1)")).code).toBe("42501");
    expect(await admin.ask("select status from talkme.captures")).toBe("on");
  });

  test("an existing dedupe_key causes no second message and no error in the customer's transaction", async () => {
    const { owner, application, ...shop } = await openShop();
    await owner.capture("orders", "status = 'shipped'", shippedMap);
    await application.run("insert into orders values (1, 'shipped', '11988887777', 'a', 1)");
    await application.run("update orders set status = 'new'; update orders set status = 'shipped'");
    expect(await shop.messages()).toHaveLength(1);
  });

  test("upsert, COPY, MERGE and multi-row statements are captured like any other", async () => {
    const { admin, owner, application, ...shop } = await openShop();
    const { dedupe_key: _, ...map } = shippedMap;
    await owner.capture("orders", "status = 'shipped'", map);

    const upsert = `insert into orders values (1, 'shipped', '11988887777', 'a', 1)
      on conflict (id) do update set status = excluded.status`;
    await application.run("insert into orders values (1, 'new', '11988887777', 'a', 1)");
    await application.run(upsert);
    await application.run(upsert);
    expect(await shop.messages()).toHaveLength(1);

    await admin.run(
      `copy app.orders (id, status, phone) from program 'printf "2\\tshipped\\t11988887777\\n3\\tnew\\t11988887777\\n"'`,
    );
    expect(await shop.messages()).toHaveLength(2);

    await application.run(`merge into orders using (values (3), (4)) as m (id) on orders.id = m.id
      when matched then update set status = 'shipped'
      when not matched then insert (id, status, phone) values (m.id, 'shipped', '11988887777')`);
    expect(await shop.messages()).toHaveLength(4);

    await application.run(
      "insert into orders (id, phone) select i, '11988887777' from generate_series(11, 60) as i",
    );
    await application.run("update orders set status = 'shipped' where id > 10");
    expect(await shop.messages()).toHaveLength(54);
  });

  test("each_time captures every update of a row that meets the condition; events selects what is captured", async () => {
    const { owner, application, ...shop } = await openShop();
    const map = { numero_dest: "phone", id_wpp: "7", "info_contato.nome": "customer" };
    await owner.capture("orders", "status = 'shipped'", map, {
      name: "each",
      events: "update",
      each_time: true,
    });
    await owner.capture("orders", null, { ...map, id_wpp: 8 }, { name: "new_ones", events: "INSERT" });
    await application.run("insert into orders values (1, 'shipped', '11988887777', 'a', 1)");
    await application.run("update orders set total = 2; update orders set total = 3");
    expect((await shop.messages()).map(({ id_wpp }) => id_wpp)).toEqual(["8", "7", "7"]);
  });

  test("a partition and its partitioned table are captured alike, including later partitions", async () => {
    const { owner, application, ...shop } = await openShop();
    await owner.run(`
      create table app.visits (id int, day date, phone text, primary key (id, day)) partition by range (day);
      create table app.visits_1 partition of app.visits for values from ('2026-01-01') to ('2026-02-01')`);
    await owner.capture(
      "visits",
      "true",
      { numero_dest: "phone", id_wpp: 7, dedupe_key: "id" },
      { events: "insert" },
    );
    await owner.run(`
      create table app.visits_2 partition of app.visits for values from ('2026-02-01') to ('2026-03-01');
      insert into app.visits values (1, '2026-01-05', '11988887777'), (2, '2026-02-05', '11988887777');
      insert into app.visits_2 values (3, '2026-02-06', '11988887777')`);
    expect(await shop.messages()).toHaveLength(3);
    await owner.ask("select talkme.drop_capture('visits')");
    await owner.run("insert into app.visits_2 values (4, '2026-02-06', '11988887777')");
    expect(await shop.messages()).toHaveLength(3);
    expect(application).toBeDefined();
  });

  test("names with odd characters, of schemas too, mean what they mean in psql", async () => {
    const { admin, owner, ownerName, ...shop } = await openShop();
    await admin.run(`create schema "Sch ""e%s $talkme$ ma" authorization ${ownerName}`);
    await owner.run(`
      create table "Sch ""e%s $talkme$ ma"."Or'd %1$s ""ers" (
        "I d""" int primary key, "entry" text, "captured" text, "Odd ""$talkme$ %s name" text, phone text,
        doubled int generated always as ("I d""" * 2) stored
      )`);
    await owner.capture(
      `"Sch ""e%s $talkme$ ma"."Or'd %1$s ""ers"`,
      `"entry" = '%s'`,
      {
        numero_dest: "phone",
        id_campanha: "doubled",
        "info_contato.nome": `"Odd ""$talkme$ %s name" || captured`,
        "info_contato.geral1": { value: "it's \\ $1 %s" },
        metadata: { value: { from: "it's" } },
      },
      { name: "odd" },
    );
    await owner.run(
      `insert into "Sch ""e%s $talkme$ ma"."Or'd %1$s ""ers" values (3, '%s', 'b', 'a', '11988887777')`,
    );
    expect(await shop.messages()).toMatchObject([
      {
        id_campanha: "6",
        info_contato: { nome: "ab", geral1: "it's \\ $1 %s" },
        metadata: { from: "it's" },
      },
    ]);
    const failure = await owner.failure(
      `insert into "Sch ""e%s $talkme$ ma"."Or'd %1$s ""ers" values (4, '%s', 'b', 'a', null)`,
    );
    expect(failure.detail).toContain(`"Sch ""e%s $talkme$ ma"."Or'd %1$s ""ers" {"I d\\"": 4}`);
    expect(await owner.ask("select talkme.drop_capture('odd')")).toContain("is gone");
  });

  test("row security on the customer's table hides nothing from a capture", async () => {
    const { owner, application, applicationName, ...shop } = await openShop();
    await owner.run(`
      alter table app.orders enable row level security;
      alter table app.orders force row level security;
      create policy app_only on app.orders to ${applicationName} using (true)`);
    await owner.capture("orders", "status = 'shipped'", shippedMap);
    await application.run("insert into orders values (1, 'shipped', '11988887777', 'a', 1)");
    expect(await shop.messages()).toHaveLength(1);
  });

  test("printing changes nothing, and running the printed script does the same as the call", async () => {
    const { admin, owner, ...shop } = await openShop();
    const objects = `
      select pg_get_functiondef(oid) || proowner::regrole || coalesce(proacl::text, '') as object
      from pg_proc where proname like 'talkme\\_capture\\_%'
      union all select pg_get_triggerdef(oid) from pg_trigger where tgname like 'talkme\\_capture\\_%'
      union all select concat(name, source, condition, map, events, each_time, on_error, created_by) from talkme.capture_rule
      order by 1`;
    const odd = { ...shippedMap, "info_contato.geral2": `'a''\\%s' || "Odd ""$talkme$ %s name"` };
    const printed = await owner.capture("orders", "status = 'shipped' -- ;", odd, {
      name: "shipped",
      print: true,
    });
    expect(await admin.rows(objects)).toEqual([]);

    await owner.run(printed);
    const byHand = await admin.rows(objects);
    expect(byHand).toHaveLength(6);
    await owner.ask("select talkme.drop_capture('shipped')");
    expect(await admin.rows(objects)).toEqual([]);
    await owner.capture("orders", "status = 'shipped' -- ;", odd, { name: "shipped" });
    expect(await admin.rows(objects)).toEqual(byHand);
    expect(await shop.messages()).toEqual([]);
  });

  test("a name is unique and replaced only on request; both are audited", async () => {
    const { admin, owner, application, ...shop } = await openShop();
    await owner.capture("orders", "status = 'shipped'", shippedMap, { name: "mine" });
    expect(await owner.captureFailure("orders", "true", shippedMap, { name: "mine" })).toMatchObject({
      code: "42710",
      constraint: "capture_exists",
    });
    await owner.capture("orders", "status = 'paid'", shippedMap, { name: "mine", replace: true });
    await application.run("insert into orders values (1, 'shipped', '11988887777', 'a', 1)");
    await application.run("insert into orders values (2, 'paid', '11988887777', 'a', 1)");
    expect(await shop.messages()).toMatchObject([{ dedupe_key: "order 2" }]);
    await owner.ask("select talkme.drop_capture('mine')");
    expect(await owner.failure("select talkme.drop_capture('mine')")).toMatchObject({
      constraint: "capture_known",
    });
    const audit = await admin.rows(
      "select action, who, about ->> 'name' as name from talkme.audit order by id",
    );
    expect(audit.map(({ action }) => action)).toEqual(["capture", "drop_capture", "capture", "drop_capture"]);
    expect(new Set(audit.map(({ who, name }) => `${String(who)} ${String(name)}`))).toEqual(
      new Set([`${shop.ownerName} mine`]),
    );
  });

  test("captures survive renames, a used column cannot be dropped, and a broken capture is shown", async () => {
    const { admin, owner, application, ...shop } = await openShop();
    await owner.capture("orders", "status = 'shipped'", shippedMap, { name: "shipped" });
    const status = async (): Promise<unknown> => admin.ask("select status from talkme.captures");

    await owner.run("alter table app.orders rename column phone to telephone");
    await owner.run("alter table app.orders rename to purchases");
    await owner.run(
      "alter table app.purchases add column more text; alter table app.purchases drop column email",
    );
    await application.run("insert into purchases values (1, 'shipped', '11988887777', 'a', 1)");
    expect(await shop.messages()).toHaveLength(1);
    expect((await owner.failure("alter table app.purchases drop column telephone")).code).toBe("2BP01");
    expect((await owner.failure("alter table app.purchases alter column total type text")).code).toBe(
      "0A000",
    );
    expect(await status()).toBe("on");

    await owner.run("alter table app.purchases disable trigger talkme_capture_shipped_update");
    expect(await status()).toMatch(/^off: /);
    await owner.run("alter table app.purchases enable trigger talkme_capture_shipped_update");
    await admin.run(`revoke talkme_producer from ${shop.ownerName}`);
    expect(await status()).toMatch(/^broken: .* may not insert/);
    await admin.run(`grant talkme_producer to ${shop.ownerName}`);
    await admin.run("alter table app.purchases owner to postgres");
    expect(await status()).toMatch(/^broken: .* another owner/);
    await admin.run(`alter table app.purchases owner to ${shop.ownerName}`);
    await owner.run("drop trigger talkme_capture_shipped_update on app.purchases");
    expect(await status()).toMatch(/^broken: its trigger/);
    await owner.run("alter table app.purchases drop column telephone cascade");
    expect(await status()).toMatch(/^broken: its functions/);
    await owner.run("drop table app.purchases cascade");
    expect(await status()).toMatch(/^broken: its table/);
    await owner.ask("select talkme.drop_capture('shipped')");
    expect(
      await admin.ask("select count(*)::int from pg_proc where proname like 'talkme\\_capture\\_%'"),
    ).toBe(0);
  });

  test("a campaign's burst limit counts a transaction's captured rows; its duplicate guard checks each", async () => {
    const { admin, owner, application, ...shop } = await openShop();
    await admin.run(`insert into talkme.campaign (id_campanha, name, burst_limit) values (123456, 'Shipped', 10);
      insert into talkme.campaign (id_campanha, name, duplicate_window) values (2, 'Once', '1 day')`);
    await owner.capture("orders", "status = 'shipped'", shippedMap, { name: "shipped" });
    await application.run(
      "insert into orders (id, phone) select i, '11988887777' from generate_series(1, 40) as i",
    );
    const held =
      "select count(*) filter (where error_code = 'held_burst') || '/' || count(*) from talkme.outbox";

    await application.run("update orders set status = 'shipped' where id <= 10");
    expect(await admin.ask(held)).toBe("0/10");
    await application.run("update orders set status = 'shipped' where id between 11 and 22");
    expect(await admin.ask(held)).toBe("12/22");
    await application.run(
      `begin; ${[31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 30].map(shipOne).join("; ")}; commit`,
    );
    expect(await admin.ask(held)).toBe("23/33");
    await application.run(shipOne(29));
    expect(await admin.ask(held)).toBe("23/34");

    await owner.capture(
      "orders",
      "status = 'paid'",
      { numero_dest: "phone", id_campanha: 2 },
      { name: "paid" },
    );
    await application.run("update orders set status = 'paid' where id = 1");
    const failure = await application.failure("update orders set status = 'paid' where id = 2");
    expect(failure).toMatchObject({ constraint: "outbox_duplicate", code: "23514" });
    expect(failure.message).toContain("capture paid: ");
    expect(await shop.messages()).toHaveLength(35);
  });

  async function openShop(): Promise<OpenShop> {
    const shop = await Shop.open(server);
    const { admin, owner, application, ownerName, applicationName } = shop;
    return { admin, owner, application, ownerName, applicationName, messages: () => shop.messages() };
  }
});

const shipOne = (id: number): string => `update orders set status = 'shipped' where id = ${id}`;

type OpenShop = Pick<Shop, "admin" | "owner" | "application" | "ownerName" | "applicationName" | "messages">;
