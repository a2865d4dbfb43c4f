-- The constraints of these tables once more, in words: psql's error for a CHECK constraint says neither what is wrong nor what
-- would be right. Raises the first rule that does not hold, under the name of its constraint.
create or replace function talkme.check_setting() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  account_remedy   constant text := 'A name has up to 63 small letters, digits, - and _.';
  retention_remedy constant text := 'From 0 (at once) to 1000 years, such as ''90 days''; null for %s.';
  deletion_remedy  constant text :=
    'Data are removed first, the row later: give the same or more than retention, up to 1000 years; null for %s.';
  variables        constant text[] := talkme.known_variables() || 'PRIMEIRO_NOME'::text;
  broken           record;
begin
  case tg_table_name
    when 'account' then
      select r.* into broken from (values
        (
          'account_name', talkme.is_account_name(new.account),
          format('%L cannot be the name of an account', new.account), account_remedy
        ),
        (
          'account_recipient_gap_positive', new.recipient_gap > interval '0' and new.recipient_gap <= interval '10 years',
          format('%s is not a valid recipient_gap', new.recipient_gap),
          'Above 0 and up to 10 years, such as ''1 day''; null for no gap.'
        ),
        (
          'account_retention_positive', new.retention >= interval '0' and new.retention <= interval '1000 years',
          format('%s is not a valid retention', new.retention), format(retention_remedy, 'ever')
        ),
        (
          'account_delete_after_retention',
          new.delete_after >= coalesce(new.retention, interval '0') and new.delete_after <= interval '1000 years',
          format('delete_after %s does not fit retention %s', new.delete_after, coalesce(new.retention::text, 'null')),
          format(deletion_remedy, 'never')
        )
      ) as r (rule, holds, complaint, remedy) where not r.holds limit 1;
    when 'campaign' then
      select r.* into broken from (values
        (
          'campaign_account_name', talkme.is_account_name(new.account),
          format('%L cannot be the name of an account', new.account),
          account_remedy || ' Leave account out for the account ''default''.'
        ),
        (
          'campaign_id_campanha_range', talkme.is_api_number(new.id_campanha),
          format('%s cannot be the number of a campaign', new.id_campanha),
          'Take it from Talk.me: a whole number from 1 to 9007199254740991.'
        ),
        (
          'campaign_required_variables_known', new.required_variables <@ variables,
          format('no message has the variable %s', (
            select string_agg(quote_literal(v), ', ') from unnest(new.required_variables) as v where v <> all (variables)
          )),
          'There are ' || array_to_string(variables, ', ') || '. PRIMEIRO_NOME, which the platform derives, needs nome.'
        ),
        (
          'campaign_rate_range', new.rate_per_second > 0 and new.rate_per_second <= 100000,
          format('%s messages a second is not a valid rate', new.rate_per_second),
          'Above 0 and up to 100000; null for the configured rate. To stop a campaign: active = false, or talkme.pause.'
        ),
        (
          'campaign_recipient_gap_positive', new.recipient_gap >= interval '0' and new.recipient_gap <= interval '10 years',
          format('%s is not a valid recipient_gap', new.recipient_gap),
          'From 0 (no gap) to 10 years, such as ''1 day''; null for the account''s.'
        ),
        (
          'campaign_retention_positive', new.retention >= interval '0' and new.retention <= interval '1000 years',
          format('%s is not a valid retention', new.retention), format(retention_remedy, 'the account''s')
        ),
        (
          'campaign_delete_after_retention',
          new.delete_after >= coalesce(new.retention, interval '0') and new.delete_after <= interval '1000 years',
          format('delete_after %s does not fit retention %s', new.delete_after, coalesce(new.retention::text, 'null')),
          format(deletion_remedy, 'the account''s')
        ),
        (
          'campaign_duplicate_window_positive',
          new.duplicate_window > interval '0' and new.duplicate_window <= interval '10 years',
          format('%s is not a valid duplicate_window', new.duplicate_window),
          'Above 0 and up to 10 years, such as ''1 day''; null for no accident.'
        ),
        (
          'campaign_on_duplicate_known', new.on_duplicate in ('refuse', 'hold'),
          format('on_duplicate cannot be %L', new.on_duplicate),
          'refuse fails the insert, hold lets the row wait for talkme.resume.'
        ),
        (
          'campaign_burst_limit_positive', new.burst_limit > 0,
          format('%s rows is not a valid burst_limit', new.burst_limit),
          'Above 0: an insert of more rows than this waits for talkme.resume; null for any number.'
        )
      ) as r (rule, holds, complaint, remedy) where not r.holds limit 1;
    when 'holiday' then
      select r.* into broken from (values
        (
          'holiday_state_known', new.state ~ '^([A-Z]{2}|[*])$',
          format('%L is not a state', new.state), 'Two capital letters, such as ''SP''; ''*'' for the whole country.'
        )
      ) as r (rule, holds, complaint, remedy) where not r.holds limit 1;
  end case;
  if found then
    raise exception using
      errcode = 'check_violation', schema = 'talkme', table = tg_table_name,
      constraint = broken.rule, message = broken.complaint, hint = broken.remedy;
  end if;
  return new;
end
$$;

comment on function talkme.check_setting() is 'Says what is wrong with a row of a settings table, and what would be right';

revoke execute on function talkme.check_setting() from public;

create or replace trigger check_setting before insert or update on talkme.account
for each row execute function talkme.check_setting();

create or replace trigger check_setting before insert or update on talkme.campaign
for each row execute function talkme.check_setting();

create or replace trigger check_setting before insert or update on talkme.holiday
for each row execute function talkme.check_setting();
