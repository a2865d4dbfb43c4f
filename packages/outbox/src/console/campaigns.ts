import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { Status } from "../status.ts";

/** The rows of an account, campaign and channel by what became of them, as in `talkme.stats`. */
export interface LaneCounts {
  readonly account: string | null;
  readonly campaign: string | null;
  readonly channel: string | null;
  /** Of `talkme.campaign`; null if it has no row there. */
  readonly name: string | null;
  readonly pending: number;
  readonly due: number;
  readonly held: number;
  readonly oldestDueAt: Date | null;
  readonly paused: boolean;
  readonly opensAt: Date | null;
  readonly sending: number;
  readonly sent: number | null;
  readonly sentIsEstimate: boolean;
  readonly failed: number;
  readonly unknown: number;
  readonly expired: number;
  readonly cancelled: number;
}

/** What each campaign and channel has, those with most due rows first. Exact, but for `sent` in a large table. */
export async function listCampaigns(
  db: Kysely<OutboxDatabase>,
  campaign: string | null = null,
): Promise<readonly LaneCounts[]> {
  const { rows } = await sql<LaneCounts>`
    select
      s.account, s.id_campanha::text as campaign, s.id_wpp::text as channel, c.name,
      s.pending::double precision, s.due::double precision, s.held::double precision, s.oldest_due_at as "oldestDueAt",
      s.paused, s.opens_at as "opensAt", s.sending::double precision, s.sent::double precision,
      s.sent_is_estimate as "sentIsEstimate", s.failed::double precision, s.unknown::double precision,
      s.expired::double precision, s.cancelled::double precision
    from talkme.stats as s
    left join talkme.campaign as c on c.account = s.account and c.id_campanha = s.id_campanha
    where ${campaign}::bigint is null or s.id_campanha = ${campaign}::bigint
    order by s.unknown > 0 desc, s.due desc, s.pending desc, s.sent desc nulls last, s.account, s.id_campanha, s.id_wpp
  `.execute(db);
  return rows;
}

/** The settings of a campaign for one account. */
export interface CampaignRules {
  readonly account: string;
  readonly name: string;
  readonly active: boolean;
  readonly ratePerSecond: string | null;
  readonly sendingWindow: string | null;
  readonly burstLimit: number | null;
  readonly requiredVariables: readonly string[];
}

export async function readCampaignRules(
  db: Kysely<OutboxDatabase>,
  campaign: string,
): Promise<readonly CampaignRules[]> {
  const { rows } = await sql<CampaignRules>`
    select
      account, name, active, rate_per_second::text as "ratePerSecond", sending_window as "sendingWindow",
      burst_limit as "burstLimit", required_variables as "requiredVariables"
    from talkme.campaign where id_campanha = ${campaign} order by account
  `.execute(db);
  return rows;
}

/** Rows that ended, or wait for a person, for the same reason. */
export interface Reason {
  readonly status: Extract<Status, "failed" | "unknown" | "expired" | "cancelled">;
  readonly errorCode: string | null;
  readonly rows: number;
  /** The sentence of the last one, without numbers. */
  readonly example: string | null;
}

/** What was not sent, by reason, the most frequent first; of one campaign or one batch. */
export async function listReasons(
  db: Kysely<OutboxDatabase>,
  of: { readonly campaign?: string; readonly batch?: string },
): Promise<readonly Reason[]> {
  const { rows } = await sql<Reason>`
    select g.status, g.error_code as "errorCode", g.rows::double precision, m.error as example
    from (
      select status, error_code, count(*) as rows, max(id) as last_id
      from talkme.messages
      where status in ('failed', 'unknown', 'expired', 'cancelled')
        and (${of.campaign ?? null}::bigint is null or id_campanha = ${of.campaign ?? null}::bigint)
        and (${of.batch ?? null}::bigint is null or batch_id = ${of.batch ?? null}::bigint)
      group by status, error_code
    ) as g
    -- One by one: a join would read the whole view, which no condition of a join reaches into.
    cross join lateral (select error from talkme.messages where id = g.last_id limit 1) as m
    order by g.rows desc, g.status, g.error_code
    limit 50
  `.execute(db);
  return rows;
}
