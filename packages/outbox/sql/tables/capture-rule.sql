create table talkme.capture_rule (
  name          text        not null,
  source        regclass    not null,
  schema_name   name        not null,
  condition     text        not null,
  map           jsonb       not null,
  events        text        not null,
  each_time     boolean     not null,
  on_error      text        not null,
  created_by    name        not null default talkme.caller(),
  created_at    timestamptz not null default now(),

  constraint capture_rule_pkey primary key (name),
  -- A malformed map must not make talkme.captures fail for everybody who looks.
  constraint capture_rule_map_object check (jsonb_typeof(map) = 'object')
);

comment on table talkme.capture_rule is 'What talkme.capture was asked for. The triggers are what counts: talkme.captures shows both';
comment on column talkme.capture_rule.name is 'Name of the capture';
comment on column talkme.capture_rule.source is 'The customer''s table';
comment on column talkme.capture_rule.schema_name is 'Where the functions of the capture are: the schema that the table was in';
comment on column talkme.capture_rule.condition is 'Which rows become messages: an SQL expression over the table''s columns';
comment on column talkme.capture_rule.map is 'The outbox''s columns and the SQL expressions that give their values';
comment on column talkme.capture_rule.events is 'insert, update, or insert or update';
comment on column talkme.capture_rule.each_time is 'Whether each update of a row that meets the condition counts, or only one that makes it meet the condition';
comment on column talkme.capture_rule.on_error is 'block: an error fails the customer''s transaction; record: it is written to talkme.capture_error';
comment on column talkme.capture_rule.created_by is 'Who created it';
comment on column talkme.capture_rule.created_at is 'When it was created or last replaced';

grant select on talkme.capture_rule to talkme_operator, talkme_viewer;
