import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What a configuration may say of an account; null leaves it as it is. */
export interface AccountRules {
  readonly account: string;
  /** As in `talkme.account.sending_window`. */
  readonly sendingWindow: string | null;
  readonly blankAfterDays: number | null;
  readonly deleteAfterDays: number | null;
}

/**
 * Writes it into `talkme.account`.
 *
 * @returns True where that changed anything.
 */
export async function configureAccount(db: Kysely<OutboxDatabase>, rules: AccountRules): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select talkme.configure_account(
      account => ${rules.account},
      sending_window => ${rules.sendingWindow},
      retention => make_interval(days => ${rules.blankAfterDays}),
      delete_after => make_interval(days => ${rules.deleteAfterDays})
    ) as changed
  `.execute(db);
  return rows[0]?.changed ?? false;
}
