import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** A campaign that a person has switched off: its rows wait. */
export interface InactiveCampaign {
  readonly account: string;
  readonly idCampanha: string;
}

/** Every campaign of talkme.campaign that is not active, whether it has rows or not. */
export async function listInactiveCampaigns(
  db: Kysely<OutboxDatabase>,
): Promise<readonly InactiveCampaign[]> {
  const { rows } = await sql<InactiveCampaign>`
    select account, id_campanha::text as "idCampanha"
    from talkme.campaign
    where not active
    order by account, id_campanha
  `.execute(db);
  return rows;
}
