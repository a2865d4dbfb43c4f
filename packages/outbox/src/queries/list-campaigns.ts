import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What became of rows that belong together, and how fast the rest goes. */
export interface Progress {
  readonly pending: number;
  /** Of these, those whose turn has come. */
  readonly due: number;
  /** Of these, those that wait for `talkme.resume`. */
  readonly held: number;
  readonly sending: number;
  readonly sent: number;
  /** Rows that may have been sent. */
  readonly unknown: number;
  readonly failed: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly paused: boolean;
  /** Messages a second in the last minute. */
  readonly ratePerSecond: number;
  /** When the last waiting row goes if nothing changes, in seconds since 1970; null where nobody can say. */
  readonly expectedEndSeconds: number | null;
}

/** A campaign as `talkme.campaigns` shows it. */
export interface CampaignProgress extends Progress {
  readonly account: string;
  /** Null: the rows of the account that name a channel alone. */
  readonly idCampanha: string | null;
  /** Null where it is not registered in `talkme.campaign`. */
  readonly name: string | null;
  readonly registered: boolean;
  readonly active: boolean;
  /** `sent` comes from the planner's statistics. */
  readonly sentIsEstimate: boolean;
  /** 0 if no row is due. In seconds since 1970. */
  readonly oldestDueSeconds: number;
  /** When its sending window opens; null while it is open, or if there is none. In seconds since 1970. */
  readonly opensAtSeconds: number | null;
}

/** Every campaign that is registered or has rows, by account and number: as expensive as `talkme.stats`. */
export async function listCampaigns(db: Kysely<OutboxDatabase>): Promise<readonly CampaignProgress[]> {
  const { rows } = await sql<CampaignProgress>`
    select
      account, id_campanha::text as "idCampanha", name, registered, active, sent_is_estimate as "sentIsEstimate",
      coalesce(extract(epoch from oldest_due_at), 0)::double precision as "oldestDueSeconds",
      extract(epoch from opens_at)::double precision as "opensAtSeconds", ${progress}
    from talkme.campaigns
  `.execute(db);
  return rows;
}

/** The columns of a {@link Progress}, of `talkme.campaigns` or `talkme.batches`. */
export const progress = sql`
  pending::double precision, due::double precision, held::double precision, sending::double precision, sent::double precision,
  unknown::double precision, failed::double precision, expired::double precision, cancelled::double precision, paused,
  rate_per_second::double precision as "ratePerSecond",
  extract(epoch from expected_end)::double precision as "expectedEndSeconds"
`;
