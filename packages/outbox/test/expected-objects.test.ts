import { sql } from "kysely";
import { expect, test } from "vitest";

import { readExpectedObjects } from "../src/migrations/expected-objects.ts";
import { TestOutbox } from "./support/outbox.ts";

interface Trigger {
  readonly table: string;
  readonly name: string;
}

function byTable(a: Trigger, b: Trigger): number {
  return `${a.table} ${a.name}` < `${b.table} ${b.name}` ? -1 : 1;
}

test("the objects read from the migrations are exactly those of a migrated database", async () => {
  const { db } = await TestOutbox.open();
  const expected = await readExpectedObjects();
  const { rows } = await sql<{ triggers: unknown; indexes: unknown; secured: unknown; policies: unknown }>`
    select
      (
        select json_agg(json_build_object('table', t.tgrelid::regclass::text, 'name', t.tgname, 'mode', t.tgenabled)
          order by t.tgrelid::regclass::text collate "C", t.tgname)
        from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
        where c.relnamespace = 'talkme'::regnamespace and not t.tgisinternal
      ) as triggers,
      (
        select json_agg(c.relname order by c.relname) from pg_class as c
        where c.relnamespace = 'talkme'::regnamespace and c.relkind in ('i', 'I') and not c.relispartition
          and c.relname !~ '^migration'
      ) as indexes,
      (select json_agg(oid::regclass::text order by relname) from pg_class
        where relnamespace = 'talkme'::regnamespace and relrowsecurity) as secured,
      (select json_agg(policyname order by policyname) from pg_policies where schemaname = 'talkme') as policies
  `.execute(db);
  expect(rows[0]).toEqual({
    triggers: [...expected.triggers].toSorted(byTable),
    indexes: expected.indexes.map(({ name }) => name).toSorted(),
    secured: [...expected.securedTables].toSorted(),
    policies: [...expected.policies].toSorted(),
  });

  const { rows: functions } = await sql<{ name: string; body: string }>`
    select proname as name, prosrc as body from pg_proc
    where pronamespace = 'talkme'::regnamespace and prosqlbody is null
  `.execute(db);
  expect(functions.length).toBeGreaterThan(30);
  const different = functions.filter(
    ({ name, body }) => expected.functions.get(name)?.includes(body) !== true,
  );
  expect(different).toEqual([]);
  expect([...expected.functions.keys()].toSorted()).toEqual(
    [...new Set(functions.map(({ name }) => name))].toSorted(),
  );
});
