import type { SqlFile } from "../../src/migrations/sql-files.ts";

/**
 * Two made-up migrations, such as a next version may need on a table with millions of rows. The first needs the table's
 * lock for a moment; the second works through all rows and makes an index, committing as it goes.
 */
export const nextMigrations: readonly SqlFile[] = [
  {
    name: "9001_column",
    outsideTransaction: false,
    text: `alter table talkme.outbox add column initial text;
comment on column talkme.outbox.initial is 'The first letter of the status';`,
  },
  {
    name: "9002_backfill",
    outsideTransaction: true,
    text: `-- migrate: outside a transaction
do $$
declare
  last_id bigint := 0;
  batch   bigint[];
begin
  loop
    batch := array(select id from talkme.outbox where id > last_id and initial is null order by id limit 500);
    exit when batch = '{}';
    update talkme.outbox as o set initial = left(o.status, 1)
    where o.id in (select id from talkme.outbox where id = any (batch) order by id for update);
    last_id := batch[cardinality(batch)];
    commit;
  end loop;
end
$$;
drop index concurrently if exists talkme.outbox_initial;
create index concurrently outbox_initial on talkme.outbox (initial);`,
  },
];
