-- What a company may say about its campaigns: what a message needs, when and how often people may be written to, and what looks
-- like an accident. All of it is off until a row says otherwise.
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
  constraint campaign_account_name check (talkme.is_account_name(account)),
  constraint campaign_id_campanha_range check (talkme.is_api_number(id_campanha)),
  constraint campaign_required_variables_known check (required_variables <@ (talkme.known_variables() || 'PRIMEIRO_NOME'::text)),
  constraint campaign_rate_range check (rate_per_second > 0 and rate_per_second <= 100000),
  constraint campaign_recipient_gap_positive check (recipient_gap >= interval '0' and recipient_gap <= interval '10 years'),
  constraint campaign_retention_positive check (retention >= interval '0' and retention <= interval '1000 years'),
  constraint campaign_delete_after_retention check (delete_after >= coalesce(retention, interval '0') and delete_after <= interval '1000 years'),
  constraint campaign_duplicate_window_positive check (duplicate_window > interval '0' and duplicate_window <= interval '10 years'),
  constraint campaign_on_duplicate_known check (on_duplicate in ('refuse', 'hold')),
  constraint campaign_burst_limit_positive check (burst_limit > 0)
);

comment on table talkme.campaign is 'Settings of campaigns. One without a row here is sent as it is';
comment on column talkme.campaign.account is 'As in talkme.outbox';
comment on column talkme.campaign.id_campanha is 'As in talkme.outbox';
comment on column talkme.campaign.name is 'For people';
comment on column talkme.campaign.required_variables is 'Variables of info_contato that a message needs, not blank; PRIMEIRO_NOME stands for nome';
comment on column talkme.campaign.active is 'While false, inserts are refused and waiting rows stay';
comment on column talkme.campaign.rate_per_second is 'Messages a second, all instances together; overrides the rate that syncd is configured with';
comment on column talkme.campaign.sending_window is 'When people may be written to, by their own clocks: mon-fri 9:00-19:00, sat 9:00-13:00; null for the account''s';
comment on column talkme.campaign.open_minutes is 'The same as minutes of the week';
comment on column talkme.campaign.recipient_gap is 'How long after a message of any campaign to a number one of this campaign may go to it; null: as the account; 0: at once';
comment on column talkme.campaign.retention is 'How long after finishing a row keeps personal data; null: as the account';
comment on column talkme.campaign.delete_after is 'How long after finishing a row is deleted; null: as the account';
comment on column talkme.campaign.duplicate_window is 'A row with the same recipient and variables as one inserted within this time is an accident; null: never';
comment on column talkme.campaign.on_duplicate is 'What happens to it: refuse fails the insert, hold keeps it until talkme.resume';
comment on column talkme.campaign.burst_limit is 'An insert of more rows than this is an accident: they are held until talkme.resume; null: any number';

grant select on talkme.campaign to talkme_daemon, talkme_operator, talkme_viewer, talkme_marketing;
