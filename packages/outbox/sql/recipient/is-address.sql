create or replace function talkme.is_address(email_dest text) returns boolean
language sql immutable parallel safe
return email_dest collate "C" ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*$' and length(email_dest) <= 254;

comment on function talkme.is_address(text) is 'Whether a text is one e-mail address in ASCII, without a name';

grant execute on function talkme.is_address(text) to public;
