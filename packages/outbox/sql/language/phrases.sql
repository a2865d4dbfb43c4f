-- Every sentence that SQL says to people, in each language: {key: {"en": ..., "pt-BR": ...}}. A constant to the planner, so that a
-- phrase is found by a binary search in what a session has read once; a table would have to be migrated and granted.
create or replace function talkme.phrases() returns jsonb
language sql immutable parallel safe
return talkme.phrases_of_message() || talkme.phrases_of_insert() || talkme.phrases_of_actions() || talkme.phrases_of_rights()
  || talkme.phrases_of_lists() || talkme.phrases_of_holds() || talkme.phrases_of_reasons() || talkme.phrases_of_ends()
  || talkme.phrases_of_errors() || talkme.phrases_of_history() || talkme.phrases_of_settings()
  || talkme.phrases_of_captures() || talkme.phrases_of_expressions();

comment on function talkme.phrases() is 'All sentences for people, by key and language; how they are written: talkme.say_parameter';

grant execute on function talkme.phrases() to public;
