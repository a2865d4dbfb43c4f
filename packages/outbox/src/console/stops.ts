import { sql, type Kysely } from "kysely";

import type { CircuitKind } from "../status.ts";
import type { OutboxDatabase } from "../schema.ts";

/** What keeps rows from being sent that nobody has paused. */
export type Stop =
  /** No instance of syncd gave a sign of life within its lease. */
  | { readonly kind: "nobody sends" }
  | {
      readonly kind: "circuit";
      readonly account: string;
      readonly because: CircuitKind;
      readonly since: Date;
      readonly triedAt: Date;
    }
  /** A campaign or channel that the API does not find, or answers to in words that no rule knows. */
  | { readonly kind: "quiet lane"; readonly scope: string; readonly notFound: boolean; readonly until: Date };

/** For members of `talkme_viewer` and `talkme_operator`. */
export async function listStops(db: Kysely<OutboxDatabase>): Promise<readonly Stop[]> {
  const { rows: alive } = await sql<{ any: boolean }>`
    select exists (
      select from talkme.instance where heartbeat_at >= now() - lease_seconds * interval '1 second'
    ) as any
  `.execute(db);
  const { rows: circuits } = await sql<Extract<Stop, { kind: "circuit" }>>`
    select 'circuit' as kind, account, kind as because, opened_at as since, half_open_at as "triedAt"
    from talkme.circuit where kind is not null order by opened_at limit 20
  `.execute(db);
  const { rows: lanes } = await sql<Extract<Stop, { kind: "quiet lane" }>>`
    select
      'quiet lane' as kind,
      case split_part(lane, '/', 2) when '-' then 'channel:' || split_part(lane, '/', 3)
        else 'campaign:' || split_part(lane, '/', 2) end as scope,
      not_founds > 0 as "notFound", quiet_until as until
    from talkme.lane where quiet_until > now() order by quiet_until limit 20
  `.execute(db);
  return [...(alive[0]?.any === true ? [] : [{ kind: "nobody sends" } as const]), ...circuits, ...lanes];
}
