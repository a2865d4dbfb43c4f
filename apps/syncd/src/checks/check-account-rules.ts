import type { OutboxDatabase } from "@talkme/outbox";
import { findRetentionConflict, listBelowRetentionFloor, type AccountRules } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { problem, type Finding } from "./finding.ts";

/** Would the database accept the rules of accounts that `run` would write from the file? */
export async function checkAccountRules(
  db: Kysely<OutboxDatabase>,
  rules: readonly AccountRules[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rules) {
    for (const complaint of await listBelowRetentionFloor(db, rule)) {
      const remedy = "Keep rows longer, or have the owner of the schema update talkme.retention_floor.";
      findings.push(problem("settings", `TALKME_CONFIG: ${complaint}.`, remedy));
    }
    const conflict = await findRetentionConflict(db, rule);
    if (conflict === null) continue;
    const { retention, deleteAfter } = conflict;
    const { account } = rule;
    findings.push(
      problem(
        "settings",
        `TALKME_CONFIG: together with the settings already in the database, rows of the account ${account} would be deleted after ${deleteAfter}, before they are blanked after ${retention}.`,
        `Set both periods in the file, or correct the database: select * from talkme.account where account = '${account}';`,
      ),
    );
  }
  return findings;
}
