create type talkme.capture_part as (entry text, type text, expression text, columns text[]);

comment on type talkme.capture_part is
  'An expression of a capture, the condition (when) or an entry of its map, with its type and the columns of the table that it uses';
