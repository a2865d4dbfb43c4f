import type { Stage } from "./stage.ts";

/** The row's metadata says what the trigger does: raise a code, wait for a locked order, or dawdle. */
export interface CustomerTrigger {
  /** Updates after which it acts, as SQL over `new`. */
  readonly when: string;
  /** By default a BEFORE trigger; deferred ones act at the end of the transaction. */
  readonly timing?: "before" | "after" | "deferred";
}

/** Creates a customer's trigger on the outbox, as badly written as real ones. */
export async function addCustomerTrigger(
  stage: Stage,
  { when, timing = "before" }: CustomerTrigger,
): Promise<void> {
  const begin = {
    before: "create trigger customer before update on talkme.outbox for each row",
    after: "create trigger customer after update on talkme.outbox for each row",
    deferred:
      "create constraint trigger customer after update on talkme.outbox deferrable initially deferred for each row",
  }[timing];
  await stage.sql(`
    create table public.orders (id bigint primary key, state text);
    insert into public.orders select i, 'new' from generate_series(1, 9) as i;
    create function public.customer() returns trigger language plpgsql security definer as $$
    declare missing record;
    begin
      if new.metadata ? 'raise' then
        raise exception 'no to %', new.numero_dest using errcode = new.metadata->>'raise';
      end if;
      if new.metadata ? 'strict' then
        select * into strict missing from public.orders where id = -1;
      end if;
      if new.metadata ? 'order' then
        update public.orders set state = new.status where id = (new.metadata->>'order')::bigint;
      end if;
      if new.metadata ? 'seconds' then
        perform pg_sleep((new.metadata->>'seconds')::double precision);
      end if;
      return new;
    end $$;
    ${begin} when (${when}) execute function public.customer()`);
}
