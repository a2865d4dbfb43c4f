import { CompiledQuery } from "kysely";

import type { StatementRunner } from "./statement-runner.ts";
import type { SettleAndClaimResult } from "./turn.ts";
import { UnconfirmedCommitError } from "./unconfirmed-commit-error.ts";

/** As text: with `standby` it is sent after each claim. */
export const claimsConfirmedText = "select talkme.claims_confirmed($1) as confirmed";

/**
 * Asks, after the commit, whether what was claimed waited for a standby: a wait may end without one, and without a word. Asks nothing
 * where the instance's claims are `local`, or nothing was claimed.
 *
 * @throws {UnconfirmedCommitError} if it may not have waited.
 */
export async function confirmClaims(
  db: StatementRunner,
  { confirmSinceUs }: Pick<SettleAndClaimResult, "confirmSinceUs">,
): Promise<void> {
  if (confirmSinceUs === null) return;
  const query = CompiledQuery.raw(claimsConfirmedText, [confirmSinceUs]);
  const { rows } = await db.executeQuery<{ readonly confirmed: boolean }>(query);
  if (rows[0]?.confirmed !== true)
    throw new UnconfirmedCommitError(
      "synchronous_standby_names is empty, or the server's configuration was read again during the wait.",
    );
}
