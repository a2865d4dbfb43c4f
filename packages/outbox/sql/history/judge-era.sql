-- A row whose claim provably sent nothing may be pending again only if that claim was the last one. In a part of history that was
-- lost, the row may have been claimed again and sent.
create or replace function talkme.judge_era(era uuid) returns text
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when h.changed_at is null and h.server_started_at = pg_postmaster_start_time() then case
      when judge_era.era is not distinct from h.era or h.complete and judge_era.era is not distinct from h.previous_era then 'holds'
      else 'lost'
    end
    -- Not compared yet; or it may turn out that nothing was lost.
    when h.changed_at is null or h.claim_durability = 'standby' and h.missing_claims = 0 then 'open'
    else 'lost'
  end
  from talkme.history as h;
end;

comment on function talkme.judge_era(uuid) is
  'Whether a claim of this era is known to be the last of its row: holds, lost (another one may have been), or open until the change is acknowledged';

revoke execute on function talkme.judge_era(uuid) from public;
grant execute on function talkme.judge_era(uuid) to talkme_daemon;
