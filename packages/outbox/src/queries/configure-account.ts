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

/** Periods that contradict each other: rows would be deleted before they are blanked. As PostgreSQL writes them. */
export interface RetentionConflict {
  readonly retention: string;
  readonly deleteAfter: string;
}

/** Whether what talkme.account already says would make {@link configureAccount} fail; changes nothing. */
export async function findRetentionConflict(
  db: Kysely<OutboxDatabase>,
  { account, blankAfterDays, deleteAfterDays }: AccountRules,
): Promise<RetentionConflict | null> {
  const { rows } = await sql<RetentionConflict>`
    select retention::text as retention, delete_after::text as "deleteAfter"
    from (
      select
        coalesce(make_interval(days => ${blankAfterDays}), a.retention) as retention,
        coalesce(make_interval(days => ${deleteAfterDays}), a.delete_after) as delete_after
      from (values (${account})) as rule (account)
      left join talkme.account as a on a.account = rule.account
    ) as merged
    where delete_after < retention
  `.execute(db);
  return rows[0] ?? null;
}

/** A time that is shorter than the daemon may set. */
interface BelowFloor {
  readonly setting: "retention" | "delete_after";
  readonly given: string;
  readonly shortest: string;
}

/** Whether a time shorter than `talkme.retention_floor` would make {@link configureAccount} fail, and why; changes nothing. */
export async function listBelowRetentionFloor(
  db: Kysely<OutboxDatabase>,
  { account, blankAfterDays, deleteAfterDays }: AccountRules,
): Promise<readonly BelowFloor[]> {
  const { rows } = await sql<BelowFloor>`
    select setting, given_time as given, shortest
    from talkme.below_retention_floor(
      ${account}, make_interval(days => ${blankAfterDays}), make_interval(days => ${deleteAfterDays})
    )
  `.execute(db);
  return rows;
}

/**
 * Writes it into `talkme.account`.
 *
 * @returns Whether that changed anything.
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
