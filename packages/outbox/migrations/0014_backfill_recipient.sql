-- migrate: outside a transaction
-- The recipient of rows from before 0006_recipient.sql. In batches that each lock their rows for some milliseconds;
-- daemons claim and settle meanwhile. A row that somebody has locked is not waited for while others are held: its turn
-- comes at the end, alone. Run again, it goes on with the rows that are left.
do $$
declare
  batch_rows constant integer := 500;
  last_id  bigint;
  batch    bigint[];
  done     bigint[];
  deferred bigint[] := '{}';
  left_id  bigint;
begin
  -- Again after each commit: a session may put functions and operators of its own before PostgreSQL's.
  perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  last_id := (select min(id) - 1 from talkme.outbox);
  loop
    batch := array(select id from talkme.outbox where id > last_id order by id limit batch_rows);
    exit when batch = '{}';
    with locked as materialized (
      select id from talkme.outbox
      where id = any (batch) and recipient is null and blanked_at is null
      for update skip locked
    ),
    named as (
      update talkme.outbox as o
      set recipient = talkme.recipient_key(o.numero_dest, o.email_dest)
      where o.id = any (array(select id from locked))
      returning o.id
    )
    select coalesce(array_agg(id), '{}') into done from named;
    deferred := deferred || array(
      select id from talkme.outbox
      where id = any (batch) and id <> all (done) and recipient is null and blanked_at is null
    );
    last_id := batch[cardinality(batch)];
    commit;
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  end loop;

  foreach left_id in array deferred loop
    update talkme.outbox
    set recipient = talkme.recipient_key(numero_dest, email_dest)
    where id = left_id and recipient is null and blanked_at is null;
    commit;
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  end loop;
end
$$;
