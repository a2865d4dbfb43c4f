create type talkme.problem as (code text, field text, complaint text, remedy text);

comment on type talkme.problem is
  'A rule that a message breaks: its name, the column that breaks it, what is wrong and what to do. Holds no number, address or text of the message';
