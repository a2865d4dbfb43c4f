-- The constraints of these tables once more, in words: psql's error for a CHECK constraint says neither what is wrong nor what
-- would be right. Raises the first rule that does not hold, under the name of its constraint.
create or replace function talkme.check_setting() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  variables constant text[] := talkme.known_variables() || 'PRIMEIRO_NOME'::text;
  about     jsonb := to_jsonb(new);
  broken    text;
begin
  case tg_table_name
    when 'account' then
      select r.rule into broken from (values
        ('account_name', talkme.is_account_name(new.account)),
        ('account_recipient_gap_positive', new.recipient_gap > interval '0' and new.recipient_gap <= interval '10 years'),
        ('account_retention_positive', new.retention >= interval '0' and new.retention <= interval '1000 years'),
        (
          'account_delete_after_retention',
          new.delete_after >= coalesce(new.retention, interval '0') and new.delete_after <= interval '1000 years'
        )
      ) as r (rule, holds) where not r.holds limit 1;
    when 'campaign' then
      select r.rule into broken from (values
        ('campaign_account_name', talkme.is_account_name(new.account)),
        ('campaign_id_campanha_range', talkme.is_api_number(new.id_campanha)),
        ('campaign_required_variables_known', new.required_variables <@ variables),
        ('campaign_rate_range', new.rate_per_second > 0 and new.rate_per_second <= 100000),
        ('campaign_recipient_gap_positive', new.recipient_gap >= interval '0' and new.recipient_gap <= interval '10 years'),
        ('campaign_retention_positive', new.retention >= interval '0' and new.retention <= interval '1000 years'),
        (
          'campaign_delete_after_retention',
          new.delete_after >= coalesce(new.retention, interval '0') and new.delete_after <= interval '1000 years'
        ),
        ('campaign_duplicate_window_positive', new.duplicate_window > interval '0' and new.duplicate_window <= interval '10 years'),
        ('campaign_on_duplicate_known', new.on_duplicate in ('refuse', 'hold')),
        ('campaign_burst_limit_positive', new.burst_limit > 0)
      ) as r (rule, holds) where not r.holds limit 1;
    when 'holiday' then
      broken := case when new.state !~ '^([A-Z]{2}|[*])$' then 'holiday_state_known' end;
  end case;
  if broken is null then
    return new;
  end if;
  about := about || jsonb_build_object('none', case when about -> 'retention' = 'null' then 'null' end, 'known', array_to_string(variables, ', '));
  if broken = 'campaign_required_variables_known' then
    about := about || jsonb_build_object('unknown', (
      select string_agg(quote_literal(v), ', ') from unnest(new.required_variables) as v where v <> all (variables)
    ));
  end if;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = tg_table_name, constraint = broken,
    message = talkme.say(broken, about), hint = talkme.say(broken || '.hint', about);
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
