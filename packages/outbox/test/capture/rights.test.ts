import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { shippedMap, Shop, startShopServer, versions, type ShopServer } from "../support/shop.ts";

const whoMap = { numero_dest: "phone", id_wpp: 7, "info_contato.nome": "current_user" };

describe.each(versions)("on the PostgreSQL $version", ({ folder }) => {
  let server: ShopServer;
  beforeAll(async () => {
    server = await startShopServer(folder);
  });
  afterAll(async () => server.stop());

  test("expressions run with the table owner's rights, whoever inserts or created the capture", async () => {
    const shop = await Shop.open(server);
    await shop.owner.capture("orders", "true", whoMap, { name: "by_owner", events: "insert" });
    await shop.admin.capture("app.orders", "true", whoMap, { name: "by_admin", events: "insert" });
    await shop.application.run("insert into orders (id, phone) values (1, '11988887777')");
    await shop.admin.run("insert into app.orders (id, phone) values (2, '11988887777')");
    const messages = await shop.messages();
    expect(messages).toHaveLength(4);
    for (const message of messages) expect(message).toMatchObject({ info_contato: { nome: shop.ownerName } });
    expect(
      await shop.admin.ask(
        "select string_agg(distinct proowner::regrole::text, ', ') from pg_proc where proname like 'talkme\\_capture\\_%'",
      ),
    ).toBe(shop.ownerName);
  });

  test("only a table's owner can capture it, and only with the right to insert into the outbox", async () => {
    const shop = await Shop.open(server);
    expect((await shop.application.captureFailure("orders", "true", whoMap)).code).toBe("42501");
    await shop.admin.run(
      `grant ${shop.applicationName} to postgres; create table public.theirs (id int, phone text)`,
    );
    expect(
      await shop.owner.captureFailure("public.theirs", "true", whoMap, { events: "insert" }),
    ).toMatchObject({
      code: "42501",
      constraint: "capture_owner",
    });
    await shop.admin.run(
      `revoke talkme_producer from ${shop.ownerName}; grant usage on schema talkme to ${shop.ownerName}; grant execute on all functions in schema talkme to ${shop.ownerName}; grant select on talkme.captures to ${shop.ownerName}`,
    );
    const failure = await shop.owner.captureFailure("orders", "true", whoMap, { events: "insert" });
    expect(failure).toMatchObject({ code: "42501", constraint: "capture_producer" });
    expect(failure.hint).toContain(`grant talkme_producer to ${shop.ownerName}`);
    expect(await shop.admin.captureFailure("app.orders", "true", whoMap, { events: "insert" })).toMatchObject(
      {
        constraint: "capture_producer",
      },
    );
  });

  test("a capture's functions give nobody access to the outbox", async () => {
    const shop = await Shop.open(server);
    await shop.owner.capture("orders", "status = 'shipped'", shippedMap, {
      name: "shipped",
      on_error: "record",
    });
    for (const call of [
      "select app.talkme_capture_shipped()",
      "select app.talkme_capture_shipped_map(o, null) from orders as o",
      "select app.talkme_capture_shipped_when(o) from orders as o",
      "select talkme.register_capture('x', 'app.orders', 'true', '{}', 'insert', false, 'block')",
      "select talkme.unregister_capture('shipped')",
      "select talkme.drop_capture('shipped')",
      "select talkme.record_capture_error('shipped', 'x', 'x', null, null, '1', null, 'x', 'x')",
      "create trigger t after insert on app.orders for each row execute function app.talkme_capture_shipped()",
    ])
      expect([call, (await shop.application.failure(call)).code]).toEqual([call, "42501"]);
    expect(
      await shop.owner.failure(
        `select talkme.register_capture('mine', 'app.orders', 'true', '{"numero_dest":"phone","id_wpp":7}', 'insert', false, 'block')`,
      ),
    ).toMatchObject({
      constraint: "capture_known",
    });
    expect(
      await shop.owner.failure(
        "select talkme.record_capture_error('x', 'x', 'x', null, null, '1', null, 'x', 'x')",
      ),
    ).toMatchObject({
      constraint: "capture_known",
    });
    await shop.admin.run("create table public.theirs (id int primary key, phone text)");
    await shop.admin.capture("public.theirs", "true", whoMap, {
      name: "theirs",
      events: "insert",
      on_error: "record",
    });
    expect(
      await shop.owner.failure(
        "select talkme.record_capture_error('theirs', 'x', 'x', null, null, '1', null, 'x', 'x')",
      ),
    ).toMatchObject({ constraint: "capture_known" });
    const made = "('theirs', 'x', 'x', '1', 'x', 'x')";
    expect(
      (
        await shop.owner.failure(
          `insert into talkme.capture_error (capture, source, event, sqlstate, message, hint) values ${made}`,
        )
      ).code,
    ).toBe("42501");
    // A setting that an application may change gives it nothing.
    await shop.application.run("set talkme.capture = 'shipped'");
    expect((await shop.application.failure("insert into talkme.outbox (id_wpp) values (1)")).code).toBe(
      "42501",
    );
  });

  test("an owner cannot drop or replace another owner's capture", async () => {
    const shop = await Shop.open(server);
    await shop.admin.run("create table public.theirs (id int primary key, phone text)");
    await shop.admin.capture("public.theirs", "true", whoMap, { name: "theirs", events: "insert" });
    expect(await shop.owner.failure("select talkme.drop_capture('theirs')")).toMatchObject({
      code: "42501",
      constraint: "capture_owner",
    });
    expect(
      await shop.owner.captureFailure("orders", "total > 0", whoMap, { name: "theirs", replace: true }),
    ).toMatchObject({
      constraint: "capture_owner",
    });
    expect(await shop.admin.ask("select status from talkme.captures where name = 'theirs'")).toBe("on");
  });

  test("names are resolved at creation: the application's search_path, functions and operators change nothing", async () => {
    const shop = await Shop.open(server);
    await shop.admin.run(`create schema evil authorization ${shop.applicationName}`);
    await shop.owner.run(
      `create function app.greeting(name text) returns text language sql return 'Dear ' || name`,
    );
    await shop.owner.capture("orders", "status = 'shipped'", {
      ...whoMap,
      "info_contato.geral1": "greeting(customer)",
      "info_contato.geral2": "upper(customer)",
    });
    await shop.application.run(`
      create function evil.greeting(name text) returns text language sql return 'evil';
      create function evil.upper(name text) returns text language sql return 'evil';
      create function evil.never(a text, b text) returns boolean language sql return false;
      create operator evil.= (leftarg = text, rightarg = text, function = evil.never);
      set search_path = evil, pg_catalog, app;
      insert into app.orders values (1, 'shipped', '11988887777', 'fulano')`);
    expect(await shop.messages()).toMatchObject([
      { info_contato: { geral1: "Dear fulano", geral2: "FULANO" } },
    ]);

    // A capture does not lend the owner's rights to functions that somebody else can change.
    await shop.admin.run(`grant usage on schema evil to ${shop.ownerName}`);
    for (const expression of ["evil.greeting(customer)", "(customer operator(evil.=) 'x')"]) {
      const failure = await shop.owner.captureFailure(
        "orders",
        "total > 0",
        { ...whoMap, "info_contato.nome": expression },
        { name: "b" },
      );
      expect(failure).toMatchObject({ code: "42501", constraint: "capture_function_owner" });
      expect(failure.message).toContain(shop.applicationName);
    }
    expect(
      await shop.owner.captureFailure("orders", "evil.greeting(customer) = 'x'", whoMap, { name: "b" }),
    ).toMatchObject({
      constraint: "capture_function_owner",
    });
  });

  test("only a customer's permanent table can be captured", async () => {
    const shop = await Shop.open(server);
    await shop.owner.run(
      "create view app.seen as select * from app.orders; create temp table passing (id int, phone text)",
    );
    for (const source of ["app.seen", "passing"])
      expect(await shop.owner.captureFailure(source, "true", whoMap, { events: "insert" })).toMatchObject({
        constraint: "capture_table",
        code: "42809",
      });
    expect(
      await shop.admin.captureFailure(
        "talkme.outbox",
        "true",
        { numero_dest: "numero_dest", id_wpp: 1 },
        { events: "insert" },
      ),
    ).toMatchObject({
      constraint: "capture_table",
    });
    expect((await shop.owner.captureFailure("app.missing", "true", whoMap)).code).toBe("42P01");
  });
});
