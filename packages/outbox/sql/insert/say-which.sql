-- talkme.row counts the rows of a transaction, talkme.statement says how many came before the present statement; a savepoint takes
-- both back. The server logs this sentence, and an insert ... select has no values in its text. So a key that repeats what the
-- message says of a person is not shown.
create or replace function talkme.say_which(o talkme.outbox, operation text) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  number     constant integer := nullif(current_setting('talkme.row', true), '')::integer;
  before     constant integer := coalesce(nullif(current_setting('talkme.statement', true), '')::integer, 0);
  key_digits constant text := regexp_replace(o.dedupe_key, '[^0-9]', '', 'g');
  private    boolean;
begin
  if operation <> 'INSERT' then
    return talkme.say('which.row', jsonb_build_object('id', o.id));
  end if;
  private := exists (
    select
    from (
      select o.numero_dest union all select o.email_dest
      union all
      select v.value from jsonb_each_text(case when jsonb_typeof(o.info_contato) = 'object' then o.info_contato end) as v
    ) as said (value)
    cross join lateral (select right(regexp_replace(value, '[^0-9]', '', 'g'), 8) as digits) as of_value
    where length(value) >= 4 and position(lower(value) in lower(o.dedupe_key)) > 0
      or length(of_value.digits) = 8 and position(of_value.digits in key_digits) > 0
  );
  return talkme.say(case when private then 'which.private_key' else 'which.of_set' end, jsonb_build_object(
    'number', number - before, 'message', case when before > 0 then number end, 'dedupe_key', left(o.dedupe_key, 255)
  ));
end
$$;

comment on function talkme.say_which(talkme.outbox, text) is
  'Which row of a set was refused: its number in the statement and in the transaction, and its dedupe_key';

revoke execute on function talkme.say_which(talkme.outbox, text) from public;
