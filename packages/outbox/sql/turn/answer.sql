create type talkme.answer as (
  id bigint, fence integer, claim bigint, claimed_by text, seal integer, status text, retry_in_ms double precision, refund integer,
  http_status smallint, reference text, response text, error_code text, error text,
  account text, action text, outcome text, age_ms double precision, duration_ms integer, era uuid
);

comment on type talkme.answer is 'The answer to a row that was sent or could not be, and its attempt';
