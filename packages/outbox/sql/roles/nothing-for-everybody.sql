-- What the owner grants to everybody by default (alter default privileges) does not hold here: members of the roles may use
-- the schema, and would read the key of the hashes through it. Functions are taken from everybody where they are created, for
-- PostgreSQL itself grants them.
revoke all on schema talkme from public;
revoke all on all tables in schema talkme from public;
revoke all on all sequences in schema talkme from public;
