import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { seesCampaigns, type Person } from "./person.ts";

export interface Pause {
  /** Such as `campaign:123`. */
  readonly scope: string;
  readonly reason: string;
  readonly pausedBy: string;
  readonly pausedAt: Date;
  /** Of its campaign or batch; null if it has none. */
  readonly name: string | null;
}

/** Everything that is paused, the longest first. A producer may not read what campaigns are called. */
export async function listPauses(db: Kysely<OutboxDatabase>, { rights }: Person): Promise<readonly Pause[]> {
  const campaignName = seesCampaigns(rights)
    ? sql`(select min(c.name) from talkme.campaign as c where c.id_campanha::text = split_part(p.scope, ':', 2))`
    : sql`null`;
  const { rows } = await sql<Pause>`
    select
      p.scope, talkme.hide_numbers(p.reason) as reason, p.paused_by as "pausedBy", p.paused_at as "pausedAt",
      case split_part(p.scope, ':', 1)
        when 'campaign' then ${campaignName}
        when 'batch' then (select b.name from talkme.batch as b where b.id::text = split_part(p.scope, ':', 2))
      end as name
    from talkme.paused as p
    order by p.paused_at, p.scope
  `.execute(db);
  return rows;
}

/** @returns What `talkme.pause` says. */
export async function pause(db: Kysely<OutboxDatabase>, scope: string, reason: string): Promise<string> {
  const { rows } = await sql<{ said: string }>`select talkme.pause(${scope}, ${reason}) as said`.execute(db);
  return rows[0]?.said ?? "";
}

/** @returns What `talkme.resume` says. */
export async function resume(db: Kysely<OutboxDatabase>, scope: string): Promise<string> {
  const { rows } = await sql<{ said: string }>`select talkme.resume(${scope}) as said`.execute(db);
  return rows[0]?.said ?? "";
}
