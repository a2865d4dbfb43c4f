-- What a company may say about its campaigns: what a message needs, when and how often people may be written to, and
-- what looks like an accident. All of it is off until a row says so.

-- Sending windows -------------------------------------------------------------------------------------------------

-- "mon-fri 9:00-19:00, sat 9:00-13:00" as minutes since Monday 0:00.
create function talkme.parse_sending_window(sending_window text) returns int4multirange
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  days constant jsonb := '{
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "seg": 0, "ter": 1, "qua": 2, "qui": 3, "sex": 4, "sab": 5, "dom": 6
  }';
  part    text;
  matched text[];
  opens   integer;
  closes  integer;
  day     integer;
  minutes int4multirange := '{}';
begin
  if sending_window is null then
    return null;
  end if;
  foreach part in array string_to_array(lower(sending_window) || ',', ',') loop
    -- The empty part behind the last comma; alone, it is no window.
    continue when part = '' and minutes <> '{}';
    matched := regexp_match(part, E'^\\s*([a-z]{3})(?:\\s*-\\s*([a-z]{3}))?\\s+([0-9]{1,2})(?::([0-9]{2}))?\\s*-\\s*([0-9]{1,2})(?::([0-9]{2}))?\\s*$');
    opens := matched[3]::integer * 60 + coalesce(matched[4], '0')::integer;
    closes := matched[5]::integer * 60 + coalesce(matched[6], '0')::integer;
    if matched is null or not days ? matched[1] or not days ? coalesce(matched[2], matched[1])
      or coalesce(matched[4], '0')::integer > 59 or coalesce(matched[6], '0')::integer > 59 or closes > 1440 or opens >= closes
    then
      raise exception using
        errcode = 'invalid_parameter_value',
        message = format('%L is no sending window', btrim(part)),
        hint = 'Write weekdays and hours, such as ''mon-fri 9:00-19:00, sat 9:00-13:00''; a window ends on the day on which it begins, at 24:00 at the latest.';
    end if;
    day := (days ->> matched[1])::integer;
    loop
      minutes := minutes + int4multirange(int4range(day * 1440 + opens, day * 1440 + closes));
      exit when day = (days ->> coalesce(matched[2], matched[1]))::integer;
      day := (day + 1) % 7;
    end loop;
  end loop;
  return minutes;
end
$$;

comment on function talkme.parse_sending_window(text) is
  'The minutes of a week, counted from Monday 0:00, of a text such as mon-fri 9:00-19:00, sat 9:00-13:00';


create table talkme.area (
  prefix        text        collate "C" not null,
  state         text        not null,
  time_zone     text        not null,

  constraint area_pkey primary key (prefix)
);

comment on table talkme.area is 'Where Brazilian numbers are: the longest prefix of DDD and number counts';
comment on column talkme.area.prefix is 'DDD, or DDD and the first digits of the number';
comment on column talkme.area.state is 'State, as two letters';
comment on column talkme.area.time_zone is 'Time zone of its people';

insert into talkme.area (prefix, state, time_zone)
select ddd, state, 'America/' || zone
from (values
  ('11 12 13 14 15 16 17 18 19', 'SP', 'Sao_Paulo'),
  ('21 22 24', 'RJ', 'Sao_Paulo'),
  ('27 28', 'ES', 'Sao_Paulo'),
  ('31 32 33 34 35 37 38', 'MG', 'Sao_Paulo'),
  ('41 42 43 44 45 46', 'PR', 'Sao_Paulo'),
  ('47 48 49', 'SC', 'Sao_Paulo'),
  ('51 53 54 55', 'RS', 'Sao_Paulo'),
  ('61', 'DF', 'Sao_Paulo'),
  ('62 64', 'GO', 'Sao_Paulo'),
  ('63', 'TO', 'Araguaina'),
  ('65 66', 'MT', 'Cuiaba'),
  ('67', 'MS', 'Campo_Grande'),
  ('68', 'AC', 'Rio_Branco'),
  ('69', 'RO', 'Porto_Velho'),
  ('71 73 74 75 77', 'BA', 'Bahia'),
  ('79', 'SE', 'Maceio'),
  ('81 87', 'PE', 'Recife'),
  ('813619', 'PE', 'Noronha'),
  ('82', 'AL', 'Maceio'),
  ('83', 'PB', 'Fortaleza'),
  ('84', 'RN', 'Fortaleza'),
  ('85 88', 'CE', 'Fortaleza'),
  ('86 89', 'PI', 'Fortaleza'),
  ('91 93 94', 'PA', 'Belem'),
  ('92 97', 'AM', 'Manaus'),
  ('95', 'RR', 'Boa_Vista'),
  ('96', 'AP', 'Belem'),
  ('98 99', 'MA', 'Fortaleza')
) as area (ddds, state, zone)
cross join lateral string_to_table(ddds, ' ') as ddd;

create table talkme.holiday (
  day           date        not null,
  state         text        not null default '*',
  name          text        not null,

  constraint holiday_pkey primary key (day, state),
  constraint holiday_state_known check (state ~ '^([A-Z]{2}|[*])$')
);

comment on table talkme.holiday is 'Days on which no sending window opens';
comment on column talkme.holiday.day is 'The day, by the recipient''s calendar';
comment on column talkme.holiday.state is 'Of which state, as two letters; * for the whole country';
comment on column talkme.holiday.name is 'What is celebrated';


-- Settings --------------------------------------------------------------------------------------------------------

create table talkme.account (
  account         text        not null,
  sending_window  text,
  open_minutes    int4multirange generated always as (talkme.parse_sending_window(sending_window)) stored,
  recipient_gap   interval,
  retention       interval,
  delete_after    interval,

  constraint account_pkey primary key (account),
  constraint account_name check (account ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint account_recipient_gap_positive check (recipient_gap > interval '0' and recipient_gap <= interval '10 years'),
  constraint account_retention_positive check (retention >= interval '0' and retention <= interval '1000 years'),
  constraint account_delete_after_retention check (delete_after >= coalesce(retention, interval '0') and delete_after <= interval '1000 years')
);

comment on table talkme.account is 'What holds for all campaigns and channels of an account, unless talkme.campaign says otherwise. An account needs no row here to send';
comment on column talkme.account.account is 'As in talkme.outbox';
comment on column talkme.account.sending_window is 'When people may be written to, by their own clocks: mon-fri 9:00-19:00, sat 9:00-13:00; null for always';
comment on column talkme.account.open_minutes is 'The same as minutes of the week';
comment on column talkme.account.recipient_gap is 'So long after a message to a number the next one may go to it; null for at once';
comment on column talkme.account.retention is 'So long after its end a row keeps personal data; null for ever';
comment on column talkme.account.delete_after is 'So long after its end a row is deleted; null for never';

create table talkme.campaign (
  account             text        not null default 'default',
  id_campanha         bigint      not null,
  name                text        not null,
  required_variables  text[]      not null default '{}',
  active              boolean     not null default true,
  rate_per_second     numeric,
  sending_window      text,
  open_minutes        int4multirange generated always as (talkme.parse_sending_window(sending_window)) stored,
  recipient_gap       interval,
  retention           interval,
  delete_after        interval,
  duplicate_window    interval,
  on_duplicate        text        not null default 'refuse',
  burst_limit         integer,

  constraint campaign_pkey primary key (account, id_campanha),
  constraint campaign_account_name check (account ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  constraint campaign_id_campanha_range check (id_campanha between 1 and 9007199254740991),
  constraint campaign_required_variables_known check (required_variables <@ array[
    'documento', 'nome', 'telefone1', 'telefone2', 'telefone3', 'email', 'endereco', 'bairro', 'cep', 'cidade', 'estado',
    'pais', 'geral1', 'geral2', 'geral3', 'geral4', 'geral5', 'PRIMEIRO_NOME'
  ]),
  constraint campaign_rate_range check (rate_per_second > 0 and rate_per_second <= 100000),
  constraint campaign_recipient_gap_positive check (recipient_gap >= interval '0' and recipient_gap <= interval '10 years'),
  constraint campaign_retention_positive check (retention >= interval '0' and retention <= interval '1000 years'),
  constraint campaign_delete_after_retention check (delete_after >= coalesce(retention, interval '0') and delete_after <= interval '1000 years'),
  constraint campaign_duplicate_window_positive check (duplicate_window > interval '0' and duplicate_window <= interval '10 years'),
  constraint campaign_on_duplicate_known check (on_duplicate in ('refuse', 'hold')),
  constraint campaign_burst_limit_positive check (burst_limit > 0)
);

comment on table talkme.campaign is 'Campaigns about which something is to hold. One that has no row here is sent as it is';
comment on column talkme.campaign.account is 'As in talkme.outbox';
comment on column talkme.campaign.id_campanha is 'As in talkme.outbox';
comment on column talkme.campaign.name is 'For people';
comment on column talkme.campaign.required_variables is 'Variables of info_contato that a message needs, not blank; PRIMEIRO_NOME stands for nome';
comment on column talkme.campaign.active is 'While false, inserts are refused and rows that wait stay waiting';
comment on column talkme.campaign.rate_per_second is 'Messages a second, all instances together; overrides the rate that syncd is configured with';
comment on column talkme.campaign.sending_window is 'When people may be written to, by their own clocks: mon-fri 9:00-19:00, sat 9:00-13:00; null for the account''s';
comment on column talkme.campaign.open_minutes is 'The same as minutes of the week';
comment on column talkme.campaign.recipient_gap is 'So long after a message to a number, of whichever campaign, one of this campaign may go to it; null for the account''s, 0 for at once';
comment on column talkme.campaign.retention is 'So long after its end a row keeps personal data; null for the account''s';
comment on column talkme.campaign.delete_after is 'So long after its end a row is deleted; null for the account''s';
comment on column talkme.campaign.duplicate_window is 'A row with the same recipient and variables as one that was inserted within this time is taken for an accident; null for never';
comment on column talkme.campaign.on_duplicate is 'What becomes of it: refuse fails the insert, hold lets it wait for talkme.resume';
comment on column talkme.campaign.burst_limit is 'An insert of more rows than this is taken for an accident: they wait for talkme.resume; null for any number';

create table talkme.paused (
  scope         text        not null,
  reason        text        not null,
  paused_by     name        not null default talkme.caller(),
  paused_at     timestamptz not null default now(),

  constraint paused_pkey primary key (scope),
  constraint paused_scope_known check (scope ~ '^(all|account:[a-z0-9][a-z0-9_-]{0,62}|(campaign|channel):[1-9][0-9]*)$')
);

comment on table talkme.paused is 'What talkme.pause has stopped: none of its rows is claimed until talkme.resume';
comment on column talkme.paused.scope is 'all, account:NAME, campaign:ID or channel:ID';
comment on column talkme.paused.reason is 'Why, in the words of whoever paused it';
comment on column talkme.paused.paused_by is 'Who paused it';
comment on column talkme.paused.paused_at is 'Since when';

create table talkme.suppression (
  recipient     text        not null,
  reason        text        not null,
  suppressed_by name        not null default talkme.caller(),
  suppressed_at timestamptz not null default now(),

  constraint suppression_pkey primary key (recipient)
);

comment on table talkme.suppression is 'Recipients who get nothing: see talkme.suppress';
comment on column talkme.suppression.recipient is 'As in talkme.outbox.recipient';
comment on column talkme.suppression.reason is 'Why, such as the person''s wish';
comment on column talkme.suppression.suppressed_by is 'Who suppressed it';
comment on column talkme.suppression.suppressed_at is 'Since when';

-- Two instances that claim rows for one recipient at the same moment do not see each other's claims: whoever has not
-- seen the last turn gets none.
create table talkme.turn (
  recipient     text        not null,
  number        bigint      not null default 1,
  taken_at      timestamptz not null default now(),

  constraint turn_pkey primary key (recipient)
) with (fillfactor = 70);

comment on table talkme.turn is 'Recipients of campaigns with a gap between messages, of the last days: lets one claim at a time decide about each';
comment on column talkme.turn.recipient is 'As in talkme.outbox.recipient';
comment on column talkme.turn.number is 'Grows with each claim of a row for the recipient';
comment on column talkme.turn.taken_at is 'When that was';


-- The rules of these tables once more, in words: what psql shows of a CHECK constraint says neither what is wrong nor what
-- would be right. The first rule that does not hold is raised under the name of its constraint.
create function talkme.check_setting() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  account_remedy   constant text := 'A name has up to 63 small letters, digits, - and _.';
  retention_remedy constant text := 'From 0 (at once) to 1000 years, such as ''90 days''; null for %s.';
  deletion_remedy  constant text :=
    'Data are removed first, the row later: give the same or more than retention, up to 1000 years; null for %s.';
  variables        constant text[] := array[
    'documento', 'nome', 'telefone1', 'telefone2', 'telefone3', 'email', 'endereco', 'bairro', 'cep', 'cidade', 'estado',
    'pais', 'geral1', 'geral2', 'geral3', 'geral4', 'geral5', 'PRIMEIRO_NOME'
  ];
  broken           record;
begin
  case tg_table_name
    when 'account' then
      select r.* into broken from (values
        (
          'account_name', new.account ~ '^[a-z0-9][a-z0-9_-]{0,62}$',
          format('%L cannot be the name of an account', new.account), account_remedy
        ),
        (
          'account_recipient_gap_positive', new.recipient_gap > interval '0' and new.recipient_gap <= interval '10 years',
          format('%s is no recipient_gap', new.recipient_gap),
          'Above 0 and up to 10 years, such as ''1 day''; null for no gap.'
        ),
        (
          'account_retention_positive', new.retention >= interval '0' and new.retention <= interval '1000 years',
          format('%s is no retention', new.retention), format(retention_remedy, 'ever')
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
          'campaign_account_name', new.account ~ '^[a-z0-9][a-z0-9_-]{0,62}$',
          format('%L cannot be the name of an account', new.account),
          account_remedy || ' Leave account out for the account ''default''.'
        ),
        (
          'campaign_id_campanha_range', new.id_campanha between 1 and 9007199254740991,
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
          format('%s messages a second is no rate', new.rate_per_second),
          'Above 0 and up to 100000; null for the configured rate. To stop a campaign: active = false, or talkme.pause.'
        ),
        (
          'campaign_recipient_gap_positive', new.recipient_gap >= interval '0' and new.recipient_gap <= interval '10 years',
          format('%s is no recipient_gap', new.recipient_gap),
          'From 0 (no gap) to 10 years, such as ''1 day''; null for the account''s.'
        ),
        (
          'campaign_retention_positive', new.retention >= interval '0' and new.retention <= interval '1000 years',
          format('%s is no retention', new.retention), format(retention_remedy, 'the account''s')
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
          format('%s is no duplicate_window', new.duplicate_window),
          'Above 0 and up to 10 years, such as ''1 day''; null for no accident.'
        ),
        (
          'campaign_on_duplicate_known', new.on_duplicate in ('refuse', 'hold'),
          format('on_duplicate cannot be %L', new.on_duplicate),
          'refuse fails the insert, hold lets the row wait for talkme.resume.'
        ),
        (
          'campaign_burst_limit_positive', new.burst_limit > 0,
          format('%s rows is no burst_limit', new.burst_limit),
          'Above 0: an insert of more rows than this waits for talkme.resume; null for any number.'
        )
      ) as r (rule, holds, complaint, remedy) where not r.holds limit 1;
    when 'holiday' then
      select r.* into broken from (values
        (
          'holiday_state_known', new.state ~ '^([A-Z]{2}|[*])$',
          format('%L is no state', new.state), 'Two capital letters, such as ''SP''; ''*'' for the whole country.'
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

create trigger check_setting before insert or update on talkme.account
for each row execute function talkme.check_setting();
create trigger check_setting before insert or update on talkme.campaign
for each row execute function talkme.check_setting();
create trigger check_setting before insert or update on talkme.holiday
for each row execute function talkme.check_setting();


-- A row that waits for a person: pending, and due in a time that nobody lives to see.
create function talkme.held_until() returns timestamptz
language sql immutable parallel safe
return timestamptz '9999-01-01 00:00:00+00';

comment on function talkme.held_until() is 'The retry_at of a pending row that waits for talkme.resume';
