-- The last check of every update, whoever writes it, and of a replicated row. It is a trigger, although it runs at each claim and
-- each settlement: CHECK constraints are parsed again for each statement, which takes longer, and cannot explain themselves.
-- It sets no search_path, which would double its cost; functions are called with their schema, so that nobody's
-- better match is called. A session that puts operators of its own before PostgreSQL's deceives only itself.
--
-- claimed_by and claim name a claim. The number is positive while the row is on the wire or in doubt; settling turns its sign, and
-- making the row pending removes it. So a trigger or a person that writes only the status, or changes a message on the wire,
-- cannot have it sent twice or settle another claim.
create or replace function talkme.verify_outbox() returns trigger
language plpgsql
as $$
declare
  fine boolean;
begin
  -- A claim and what ends it have expressions of their own: PL/pgSQL sets up a whole expression in each transaction that meets it.
  if old.status = 'pending' and new.status = 'sending' then
    fine := new.finished_at is null and new.claimed_by is not null and new.claimed_at is not null
      and (new.retry_at is null or pg_catalog.isfinite(new.retry_at))
      and (new.claim is null or new.claim > 0)
      and old.id = new.id
      -- What was judged is what is sent.
      and old.numero_dest is not distinct from new.numero_dest and old.email_dest is not distinct from new.email_dest
      and old.account = new.account and old.id_campanha is not distinct from new.id_campanha
      and old.id_wpp is not distinct from new.id_wpp;
  elsif old.status = 'sending' and new.status in ('sent', 'failed') then
    fine := new.finished_at is not null
      and (new.retry_at is null or pg_catalog.isfinite(new.retry_at))
      and (new.claim is null or new.claim <= 0)
      and old.id = new.id
      and (new.blanked_at is not null
        or old.numero_dest is not distinct from new.numero_dest and old.email_dest is not distinct from new.email_dest
        and old.account = new.account and old.id_campanha is not distinct from new.id_campanha
        and old.id_wpp is not distinct from new.id_wpp and old.txtmsg is not distinct from new.txtmsg
        and old.assunto is not distinct from new.assunto and old.info_contato is not distinct from new.info_contato
        -- Not by a trigger within the transaction that claimed it.
        and old.xmin <> pg_catalog.pg_current_xact_id()::pg_catalog.xid
      );
  else
    fine := case
      when new.finished_at is not null then new.status in ('sent', 'failed', 'expired', 'cancelled')
      when new.status = 'sending' then pg_catalog.num_nulls(new.claimed_by, new.claimed_at) = 0
      else new.status in ('pending', 'unknown')
    end and coalesce(pg_catalog.isfinite(new.retry_at), true)
    and case
      when new.claim is null then true
      when new.status in ('expired', 'cancelled') then coalesce(old.status not in ('sending', 'unknown', 'sent'), true)
      -- A person may decide what is in doubt.
      when new.claim > 0 then new.status in ('sending', 'unknown', 'sent', 'failed')
      else new.status in ('sent', 'failed')
    end
    and case
      when old.status is null then true
      when old.id <> new.id then false
      when old.status in ('pending', 'failed', 'expired', 'cancelled') or new.blanked_at is not null then true
      else old.numero_dest is not distinct from new.numero_dest and old.email_dest is not distinct from new.email_dest
        and old.account = new.account and old.id_campanha is not distinct from new.id_campanha
        and old.id_wpp is not distinct from new.id_wpp and old.txtmsg is not distinct from new.txtmsg
        and old.assunto is not distinct from new.assunto and old.info_contato is not distinct from new.info_contato
        and (new.status <> 'sending' or (
          old.claimed_by = new.claimed_by and old.claimed_at = new.claimed_at
          and old.fence = new.fence and old.claim is not distinct from new.claim
        ))
    end
    and case
      when new.status = old.status or new.blanked_at is not null then true
      -- What was accepted stays sent.
      when old.status = 'sent' then false
      -- Not by a trigger within the transaction that claimed it, or found out that it may have been sent.
      when old.status = 'sending' or old.status = 'unknown' and new.status = 'pending'
        then old.xmin <> pg_catalog.pg_current_xact_id()::pg_catalog.xid
      else true
    end;
  end if;
  if fine then
    -- Retention counts from finished_at: only the owner of the rows may make one look older than it is. For others, and after a
    -- clock was set back, a row ended no earlier than it was inserted.
    if new.finished_at < new.created_at then
      if not pg_catalog.pg_has_role(
        current_user, (select c.relowner from pg_catalog.pg_class as c where c.oid = tg_relid), 'usage'
      ) then
        new.finished_at := new.created_at;
      end if;
    end if;
    return new;
  end if;
  if old.status is not null then
    perform talkme.refuse_edit(old, new);
  end if;
  perform talkme.refuse_contradiction(new);
  return new;
end
$$;

comment on function talkme.verify_outbox() is 'Refuses a row whose status contradicts its other columns, and edits of what is on the wire';

revoke execute on function talkme.verify_outbox() from public;

-- Triggers run in the order of their names: this one sees the row as customers' triggers left it. What a later one
-- changes is found in the row that the settlement returns: turn/settle-and-claim.sql.
create or replace trigger zzz_verify_outbox
  before update on talkme.outbox
  for each row execute function talkme.verify_outbox();

-- For replicated rows.
create or replace trigger verify_outbox_copy
  before insert on talkme.outbox
  for each row execute function talkme.verify_outbox();

alter table talkme.outbox
  enable always trigger zzz_verify_outbox,
  enable replica trigger verify_outbox_copy;
