create type talkme.touched as (what text, status text, error_code text, rows bigint);

comment on type talkme.touched is
  'What a function that acts on many rows did or would do, and to how many rows of each kind';
