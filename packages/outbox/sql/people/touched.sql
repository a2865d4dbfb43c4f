create type talkme.touched as (what text, status text, error_code text, rows bigint);

comment on type talkme.touched is
  'What cancel_where, retry_where and resolve_where did or would do, and to how many rows of each kind';
