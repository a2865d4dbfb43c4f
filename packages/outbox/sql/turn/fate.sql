create type talkme.fate as (id bigint, due_at timestamptz, until timestamptz, code text);

comment on type talkme.fate is
  'What a turn decides of a row that it has met and does not send: it ends, or is put off until a later time; code says why';
