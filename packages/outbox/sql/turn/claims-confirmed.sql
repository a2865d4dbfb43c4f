-- PostgreSQL lets a commit that waits for a standby end without a word when synchronous_standby_names is emptied: whoever waits is
-- released as if confirmed. So whoever has claimed asks once more, after the commit. Any reload of the configuration since the
-- claim began counts as if the setting had been empty for a moment. The postmaster signals a reload to the sessions before it
-- signals it to the checkpointer, which releases those who wait: a session that asks after its commit has got the signal.
--
-- The times are those of the server that answers. Behind a pooler another session may answer: it says the same.
create or replace function talkme.claims_confirmed(since_us bigint) returns boolean
language sql volatile
return talkme.can_claim('standby') and pg_conf_load_time() < timestamptz 'epoch' + since_us * interval '1 microsecond';

comment on function talkme.claims_confirmed(bigint) is
  'Whether a claim that began then, and is committed, waited for a synchronous standby';

revoke execute on function talkme.claims_confirmed(bigint) from public;
grant execute on function talkme.claims_confirmed(bigint) to talkme_daemon;
