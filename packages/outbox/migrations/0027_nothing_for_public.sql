-- What the owner grants to everybody by default (alter default privileges) does not hold here: members of the roles may use
-- the schema, and would read the key of the hashes through it. After all other migrations.

revoke all on schema talkme from public;
revoke all on all tables in schema talkme from public;
revoke all on all sequences in schema talkme from public;
revoke all on all routines in schema talkme from public;

-- PostgreSQL runs these for whoever writes a row of which they make a column. They read no table.
grant execute on function
  talkme.caller(), talkme.parse_sending_window(text), talkme.recipient_key, talkme.number_key, talkme.address_key,
  talkme.foreign_key, talkme.numbering_plans, talkme.dialled_digits, talkme.trim_blanks, talkme.is_address
to public;
