-- Inlined where it is called, at each claim: it reads two rows and a variable.
--
-- A server has its own start time: one that was promoted, restored or copied has another than the server that was compared
-- last, and so has one that was only restarted. Then talkme.check_history compares identifier and timeline before anything is
-- claimed. So it finds another server also behind a pooler, which the timeline alone does not: a dump restored elsewhere begins
-- with timeline 1, too. Nor does it need a right that some servers refuse.
create or replace function talkme.judge_claimer(claimer text) returns table (epoch integer, durability text, may boolean, stop text)
language sql stable
as $$
  select
    i.epoch, i.durability, talkme.can_claim(i.durability),
    case
      when h.server_started_at is distinct from pg_postmaster_start_time() or h.changed_at is not null
        or i.era is distinct from h.era then 'history_changed'
      when h.claim_durability = 'standby' and i.durability = 'local' then 'local_refused'
    end
  from talkme.instance as i
  left join talkme.history as h on h.singleton
  where i.name = claimer
$$;

comment on function talkme.judge_claimer(text) is
  'The epoch and durability of an instance, whether a standby can confirm its claims, and whether something of talkme.history keeps it from claiming; no row if it is not registered';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.judge_claimer(text) from public;
grant execute on function talkme.judge_claimer(text) to talkme_daemon;
