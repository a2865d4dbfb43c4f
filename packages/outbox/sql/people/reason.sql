create type talkme.reason as (code text, parameters jsonb);

comment on type talkme.reason is 'Why a row waits, or what became of it: a code and its parameters; until is when that ends by itself';
