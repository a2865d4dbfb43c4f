import { memberUrl } from "@talkme/test-postgres";
import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { refusalOf } from "./support/refusal.ts";

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => "The database is dropped.");
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** A database with its owner and two unrelated producers. */
async function open(): Promise<{ owner: Client; shop: Client; clinic: Client }> {
  const database = await cloneDatabase();
  onTestFinished(() => database.drop());
  return {
    owner: await connect(database.url),
    shop: await connect(await memberUrl(database.url, "talkme_producer", "test_shop")),
    clinic: await connect(await memberUrl(database.url, "talkme_producer", "test_clinic")),
  };
}

const insert = (key: string, conflict = ""): string => `
  insert into talkme.outbox (numero_dest, id_campanha, dedupe_key) values ('11988887777', 1, '${key}') ${conflict}
  returning id`;
const everyForm = [
  "on conflict do nothing",
  "on conflict (account, dedupe_key) where dedupe_key is not null do nothing",
];

test("a dedupe_key taken by another producer refuses or skips the insert, and reveals only that it is taken", async () => {
  const { shop, clinic } = await open();
  await shop.query(insert("order 1"));

  const refusal = await refusalOf(clinic.query(insert("order 1")));
  expect(refusal).toMatchObject({ code: "23505", constraint: "outbox_dedupe_key" });
  expect(JSON.stringify(refusal)).not.toMatch(/98888|test_shop/);
  for (const form of everyForm) expect((await clinic.query(insert("order 1", form))).rows).toEqual([]);
  expect((await clinic.query("select from talkme.outbox where dedupe_key = 'order 1'")).rows).toEqual([]);
  expect(
    (
      await clinic.query(
        "select talkme.enqueue('11988887777', 1, dedupe_key => 'order 1', on_duplicate_key => 'skip') as id",
      )
    ).rows,
  ).toEqual([{ id: null }]);

  // A producer's own prefix keeps its keys apart.
  for (const client of [shop, clinic]) {
    const inserted = await client.query(
      `insert into talkme.outbox (numero_dest, id_campanha, dedupe_key)
       values ('11988887777', 1, current_user || ':order 1') returning dedupe_key`,
    );
    expect(inserted.rows).toHaveLength(1);
  }
});

test("every ON CONFLICT form of the guide skips a taken key, and every other form says what it lacks", async () => {
  const { shop } = await open();
  for (const form of everyForm) {
    await shop.query(insert(form.length.toString(), form));
    expect((await shop.query(insert(form.length.toString(), form))).rows).toEqual([]);
  }
  for (const form of ["(account, dedupe_key) do nothing", "(dedupe_key) do nothing"])
    expect(await refusalOf(shop.query(insert("k", `on conflict ${form}`)))).toMatchObject({ code: "42P10" });
  const named = "on conflict on constraint outbox_dedupe_key do nothing";
  expect(await refusalOf(shop.query(insert("k", named)))).toMatchObject({ code: "42704" });
  const update = "on conflict (account, dedupe_key) where dedupe_key is not null do update set priority = 1";
  expect(await refusalOf(shop.query(insert("k", update)))).toMatchObject({ code: "42501" });
});

test("a duplicate of another producer's message is refused without revealing its number or time", async () => {
  const { owner, shop, clinic } = await open();
  await owner.query(
    "insert into talkme.campaign (id_campanha, name, duplicate_window) values (1, 'News', interval '1 day')",
  );
  await shop.query(insert("a"));
  expect((await refusalOf(clinic.query(insert("b")))).message).toBe(
    "the recipient was given the same message of campaign 1 by another producer",
  );
  for (const client of [shop, owner])
    expect((await refusalOf(client.query(insert("c")))).message).toMatch(/campaign 1 at \d{4}-.*, as row 1$/);
});

test("a producer's trigger or function reads nothing of whoever runs it, but the row that it has just inserted", async () => {
  const { owner, shop, clinic } = await open();
  await owner.query("create schema trap authorization test_clinic; grant usage on schema trap to public");
  await clinic.query(`
    create table trap.bait (id bigint, seen bigint);
    grant select, insert on trap.bait to public;
    create function trap.look() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    begin
      select count(*) into new.seen from talkme.outbox;
      insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1) returning id into new.id;
      return new;
    end $$;
    create trigger look before insert on trap.bait for each row execute function trap.look()`);
  for (const victim of [shop, owner]) {
    await victim.query(insert(victim === shop ? "of the shop" : "of the owner"));
    const { rows } = await victim.query<{ id: string; seen: string }>(
      "insert into trap.bait default values returning id, seen",
    );
    expect(rows).toEqual([{ id: expect.stringMatching(/^\d+$/), seen: "0" }]);
  }
});

test("a membership that gives no privileges makes nobody an operator or another producer", async () => {
  const { owner, shop, clinic } = await open();
  for (const role of ["talkme_operator", "talkme_viewer", "test_shop"]) {
    await owner.query(`grant ${role} to test_clinic with inherit false, set false`);
    const { rows } = await shop.query<{ id: string }>(insert(role));
    const id = rows[0]?.id ?? "";
    await expect(clinic.query(`select talkme.cancel(${id})`)).rejects.toThrow("there is no row");
    expect((await clinic.query(`select * from talkme.history(${id})`)).rows).toEqual([]);
    expect((await clinic.query(`select talkme.explain(${id}) as said`)).rows).toEqual([
      { said: expect.stringContaining("not yours to see") },
    ]);
    await owner.query(`revoke ${role} from test_clinic`);
  }
});

test("no function, error or statistic reveals other producers' rows", async () => {
  const { shop, clinic } = await open();
  const { rows } = await shop.query<{ id: string }>(
    "insert into talkme.outbox (numero_dest, id_campanha, info_contato) values ('11977776666', 1, '{\"nome\":\"Segredo\"}') returning id",
  );
  const id = rows[0]?.id ?? "";
  const answers: unknown[] = [];
  for (const statement of [
    `select talkme.cancel(${id})`,
    `select talkme.explain(${id})`,
    `select * from talkme.history(${id})`,
    `insert into talkme.outbox (id, numero_dest, id_campanha) overriding system value values (${id}, '11988887777', 1)`,
    `select 1 / (numero_dest = '11977776666')::int from talkme.outbox where id = ${id}`,
    `select numero_dest::int from talkme.outbox`,
    `select ctid, xmin, * from talkme.outbox`,
    `select * from talkme.outbox for update`,
    `select most_common_vals::text from pg_stats where schemaname = 'talkme' and tablename = 'outbox'`,
    `select last_value from talkme.outbox_id_seq`,
    `select * from talkme.stats`,
    `select * from talkme.failures`,
    `select * from talkme.count_rows()`,
    `select * from talkme.attempt`,
    `table talkme.attempt_default`,
    `copy talkme.outbox to stdout`,
  ]) {
    answers.push(
      await clinic.query(statement).then(
        (result) => result.rows,
        (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error)),
      ),
    );
  }
  expect(JSON.stringify(answers)).not.toMatch(/77776666|Segredo|test_shop/);
});
