import { infoContato, numeroDest } from "../message.ts";
import { withClient } from "../stage/postgres.ts";

const batch = 100_000;

export interface Filling {
  readonly count: number;
  /** Divides the rows among this many campaigns, from `firstCampaign` on. */
  readonly campaigns?: number;
  readonly firstCampaign?: number;
  /** Sent rows have an attempt, too. */
  readonly status?: "pending" | "sent";
}

/** Fills the outbox without its triggers, because the insert is not measured. Its lanes count as trusted. */
export async function fillOutbox(
  databaseUrl: string,
  { count, campaigns = 1, firstCampaign = 1, status = "pending" }: Filling,
): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query("set session_replication_role = replica");
    for (let from = 0; from < count; from += batch) {
      const to = Math.min(count, from + batch);
      await client.query(status === "pending" ? insertPending : insertSent, [
        from,
        to,
        firstCampaign,
        campaigns,
        numeroDest,
        JSON.stringify(infoContato),
      ]);
    }
    await client.query("vacuum (analyze) talkme.outbox, talkme.attempt");
  });
  await trustLanes(databaseUrl);
}

/** As after a message that the API just accepted. */
export async function trustLanes(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(`
      insert into talkme.lane (lane, account, accepted_at)
      select distinct lane, account, now() from talkme.outbox where status = 'pending'
      on conflict (lane) do update set accepted_at = now()`);
  });
}

/** As in a new database: the API has answered nothing of any lane. */
export async function forgetLanes(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query("truncate talkme.lane");
  });
}

const insertPending = `
  insert into talkme.outbox (numero_dest, id_campanha, info_contato, send_at)
  select
    number, $3::bigint + i % $4::integer, $6::jsonb,
    now() - interval '1 hour' + i * interval '1 microsecond'
  from generate_series($1::integer, $2::integer - 1) as i
  cross join lateral (select left($5, 3) || lpad((i::bigint * 7919 % 100000000)::text, 8, '0') as number) as n`;

const insertSent = `
  with sent as (
    insert into talkme.outbox (
      numero_dest, id_campanha, info_contato, send_at, created_at, status, attempts, fence, claimed_by,
      claimed_at, finished_at, http_status, reference, response
    )
    select
      $5, $3::bigint + i % $4::integer, $6::jsonb, sent_at, sent_at, 'sent', 1, 1, 'before',
      sent_at, sent_at, 200, '100000000001', '100000000001'
    from generate_series($1::integer, $2::integer - 1) as i
    cross join lateral (select now() - interval '2 hours' + i * interval '1 microsecond' as sent_at) as time
    returning id, account, claimed_at
  )
  insert into talkme.attempt (outbox_id, attempt, account, action, started_at, duration_ms, outcome, http_status, instance)
  select id, 1, account, 'v2', claimed_at, 30, 'accepted', 200, 'before' from sent`;
