import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { shippedMap, Shop, startShopServer, versions, type ShopServer } from "../support/shop.ts";

/** Leaves a trace even in a rolled-back transaction, should any of it run. */
const run = "nextval('app.evidence')";

/** Texts that are not a single expression, or contain a query. */
const attempts: readonly string[] = [
  `phone) ; select ${run}; --`,
  `1) from pg_authid as new --`,
  `1) from (select ${run}) as new --`,
  `phone; select ${run}`,
  `phone); select ${run}; select (phone`,
  `phone]; select ${run}; select array[phone`,
  `phone end; select ${run}; select case when true then phone`,
  `phone), (${run}`,
  `phone], array[${run}`,
  `phone end, ${run}, case when true then phone`,
  `phone, ${run}`,
  `1 when false then 2 else ${run}`,
  `(select ${run}::text)`,
  `phone || (select ${run})`,
  `exists (select from pg_authid)`,
  `phone in (select rolpassword from pg_authid)`,
  `array(select ${run})::text`,
  `$$`,
  `$$ || ${run}`,
  `$talkme$; select ${run}; --`,
  `'`,
  `'\\'); select ${run}; --'`,
  `E'\\'); select ${run}; --`,
  `U&'\\0027'); select ${run}; --`,
  `U&'!0027' uescape '!'); select ${run}; --`,
  `U&"phone!" uescape '!'`,
  `phone /*`,
  `phone /* /* */`,
  `phone */ ); select ${run}; /*`,
  `phone -- \r); select ${run}`,
  `phone -- \n); select ${run}; --`,
  `phone\n); reset role; select ${run}; --`,
  `phone)::text end; end; select ${run}; --`,
  `phone as x from app.orders`,
  `phone order by ${run}`,
  `phone union select ${run}::text`,
  `phone into app.stolen`,
  `select ${run}`,
  `with x as (select ${run}) select 1`,
  `"phone) from pg_authid --"`,
  `default`,
  `*`,
  `orders.*`,
  ``,
  ` `,
  `--`,
  `$1`,
  `($1).phone`,
  `new.phone`,
  `captured`,
  `entry`,
  `talkme_row`,
  `talkme_row::text`,
  `app.talkme_row.phone || app.talkme_row`,
  `talkme_row.*`,
  `ctid::text`,
  `tableoid::text`,
  `string_agg(phone, ',')`,
  `row_number() over ()`,
  `generate_series(1, 3)`,
  `grouping(phone)`,
  `:phone`,
  `\\! touch /tmp/x`,
];

/** Texts that look like injections but are one harmless expression, whose value is data. */
const data: readonly (readonly [expression: string, gives: string])[] = [
  [`$$); select ${run}; --$$`, `); select ${run}; --`],
  [`$talkme$); drop table app.orders; --$talkme$`, "); drop table app.orders; --"],
  [`$talkme$ language sql; select ${run}; select $talkme$`, ` language sql; select ${run}; select `],
  [`E'\\'); drop table app.orders; --'`, "'); drop table app.orders; --"],
  [`'''); drop table app.orders; --'`, "'); drop table app.orders; --"],
  [`U&'\\0029; drop table app.orders'`, "); drop table app.orders"],
  [`customer /* ) ; /* nested */ */`, "'); select 1; --"],
  [`customer -- ); drop table app.orders`, "'); select 1; --"],
  [`U&"custo\\006der"`, "'); select 1; --"],
  [`talkme_row.customer`, "'); select 1; --"],
  [`(customer)`, "'); select 1; --"],
  [`case when total > 0 then customer else 'x' end`, "'); select 1; --"],
];

describe.each(versions)("on the PostgreSQL $version", ({ folder }) => {
  let server: ShopServer;
  beforeAll(async () => {
    server = await startShopServer(folder);
  });
  afterAll(async () => server.stop());

  async function openShop(): Promise<{ shop: Shop; expectUntouched: () => Promise<void> }> {
    const shop = await Shop.open(server);
    await shop.owner.run("create sequence app.evidence");
    const untouched = `
      select (select is_called from app.evidence) or to_regclass('app.stolen') is not null
        or to_regclass('app.orders') is null or to_regclass('app.talkme_row') is not null
        or exists (select from talkme.capture_rule)
        or exists (select from pg_proc where proname like 'talkme\\_capture\\_%')
        or exists (select from pg_trigger where tgname like 'talkme\\_capture\\_%')`;
    return {
      shop,
      expectUntouched: async () => expect(await shop.admin.ask(untouched)).toBe(false),
    };
  }

  test("no text in the map or condition escapes its parentheses: it is refused by name, and none of it runs", async () => {
    const { shop, expectUntouched } = await openShop();
    for (const attempt of attempts) {
      for (const entry of ["numero_dest", "info_contato.nome", "metadata", "id_campanha"]) {
        const failure = await shop.owner.captureFailure(
          "orders",
          "true",
          { ...shippedMap, [entry]: attempt },
          { events: "insert" },
        );
        expect([attempt, failure.constraint]).toEqual([attempt, "capture_expression"]);
        expect(failure.message).toMatch(new RegExp(`^talkme.capture: (the entry )?${entry} `));
        expect(failure.hint).toBeTruthy();
      }
      // A superuser has the most to lose.
      const failure = await shop.admin.captureFailure("app.orders", attempt, shippedMap);
      expect([attempt, failure.constraint]).toEqual([attempt, "capture_expression"]);
      expect(failure.message).toMatch(/^talkme.capture: (the condition \()?when/);
    }
    await expectUntouched();
  });

  test("no text escapes with standard_conforming_strings off either", async () => {
    const { shop, expectUntouched } = await openShop();
    await shop.owner.run(
      "set standard_conforming_strings = off; set backslash_quote = on; set escape_string_warning = off",
    );
    for (const attempt of attempts) {
      const failure = await shop.owner.captureFailure(
        "orders",
        "true",
        { ...shippedMap, numero_dest: attempt },
        { events: "insert" },
      );
      expect([attempt, failure.constraint]).toEqual([attempt, "capture_expression"]);
    }
    await expectUntouched();
  });

  test("text that only looks like an injection is data at creation, when printed and when run", async () => {
    const { shop } = await openShop();
    await shop.owner.run("insert into app.orders values (1, 'new', '11988887777', '''); select 1; --', 1)");
    for (const [expression, gives] of data) {
      const map = { numero_dest: "phone", id_wpp: 7, "info_contato.nome": expression };
      for (const print of [false, true]) {
        const answer = await shop.owner.capture("orders", "status = 'shipped'", map, { name: "odd", print });
        if (print) await shop.owner.run(answer);
        await shop.application.run("update orders set status = 'new'; update orders set status = 'shipped'");
        await shop.owner.ask("select talkme.drop_capture('odd')");
        expect((await shop.messages()).at(-1)).toMatchObject({ info_contato: { nome: gives } });
      }
    }
    expect(await shop.messages()).toHaveLength(2 * data.length);
    expect(await shop.admin.ask("select is_called from app.evidence")).toBe(false);
    expect(await shop.admin.ask("select count(*)::int from app.orders")).toBe(1);
  });

  test("names, settings and entries cannot inject SQL", async () => {
    const { shop, expectUntouched } = await openShop();
    const bad = `x(); select ${run}; --`;
    const refused = async (map: unknown, settings: Record<string, unknown>): Promise<unknown> =>
      (await shop.owner.captureFailure("orders", "total > 0", map, settings)).constraint;

    expect(await refused(shippedMap, { name: bad })).toBe("capture_name");
    expect(await refused(shippedMap, { name: 'x"; drop table app.orders; --' })).toBe("capture_name");
    expect(await refused(shippedMap, { events: `insert on app.orders ${bad}` })).toBe("capture_events");
    expect(await refused(shippedMap, { on_error: bad })).toBe("capture_on_error");
    expect(await refused({ ...shippedMap, [`numero_dest) values (1); ${bad}`]: "1" }, {})).toBe(
      "capture_map_known",
    );
    expect(await refused({ ...shippedMap, [`info_contato.nome', ${run}, '`]: "1" }, {})).toBe(
      "capture_map_known",
    );
    expect((await shop.owner.captureFailure(`orders; select ${run}`, "true", shippedMap)).code).toBe("42602");
    expect((await shop.owner.failure("select talkme.drop_capture($1)", [bad])).constraint).toBe(
      "capture_known",
    );
    await expectUntouched();
  });

  test("values of the customer's rows are never run as SQL", async () => {
    const { shop } = await openShop();
    await shop.owner.capture("orders", "status = 'shipped'", {
      numero_dest: "phone",
      id_wpp: 7,
      "info_contato.nome": "customer",
      dedupe_key: "customer",
    });
    for (const attempt of attempts.filter((text) => !/[\r\n]|^ *$/.test(text))) {
      await shop.application.rows(
        "insert into orders (id, status, phone, customer) select coalesce(max(id), 0) + 1, 'shipped', '11988887777', $1 from orders",
        [attempt],
      );
      expect((await shop.messages()).at(-1)).toMatchObject({
        info_contato: { nome: attempt },
        dedupe_key: attempt,
      });
    }
    expect(
      (
        await shop.application.failure("insert into orders (id, status, phone) values (-1, 'shipped', $1)", [
          attempts[0],
        ])
      ).constraint,
    ).toBe("outbox_numero_dest_format");
    expect(await shop.admin.ask("select is_called from app.evidence")).toBe(false);
  });
});
