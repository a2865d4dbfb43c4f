-- Undoes what the owner grants to everybody by default (alter default privileges): members of the roles may use the schema, and
-- could read the key of the hashes through it. Functions are revoked where they are created, because PostgreSQL itself grants
-- them.
revoke all on schema talkme from public;
revoke all on all tables in schema talkme from public;
revoke all on all sequences in schema talkme from public;
