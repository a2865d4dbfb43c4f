-- By campaign alone, as the scopes of pauses are: campaign:123 stands for all accounts.
create table talkme.campaign_grant (
  id_campanha   bigint      not null,
  granted_to    name        not null,
  granted_by    name        not null default talkme.caller(),
  granted_at    timestamptz not null default now(),

  constraint campaign_grant_pkey primary key (id_campanha, granted_to)
);

comment on table talkme.campaign_grant is 'Which campaigns members of talkme_marketing see, pause and bring lists for: talkme.grant_campaign';
comment on column talkme.campaign_grant.id_campanha is 'As in talkme.outbox';
comment on column talkme.campaign_grant.granted_to is 'A role: a person, or a team that persons are members of';
comment on column talkme.campaign_grant.granted_by is 'Who granted it';
comment on column talkme.campaign_grant.granted_at is 'Since when';

grant select on talkme.campaign_grant to talkme_operator, talkme_viewer;
