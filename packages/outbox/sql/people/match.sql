create type talkme.match as (id bigint, status text, error_code text, obstacle text);

comment on type talkme.match is 'A row that a filter matches, and what keeps it from being changed, as a word of talkme.say';
