create type talkme.fate as (id bigint, due_at timestamptz, until timestamptz, code text);

comment on type talkme.fate is 'What happens to a row that a turn does not send: it ends, or is put off; code says why';
