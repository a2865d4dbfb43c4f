import type { OutboxDatabase } from "@talkme/outbox";
import { findRetentionConflict, listBelowRetentionFloor, type AccountRules } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { problem, type Finding } from "./finding.ts";

/** Would the database take what the file says of accounts, which `run` writes into it? */
export async function checkAccountRules(
  db: Kysely<OutboxDatabase>,
  rules: readonly AccountRules[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rules) {
    for (const complaint of await listBelowRetentionFloor(db, rule)) {
      const remedy = "Keep rows for longer, or have the owner of the schema update talkme.retention_floor.";
      findings.push(problem("settings", `TALKME_CONFIG: ${complaint}.`, remedy));
    }
    const conflict = await findRetentionConflict(db, rule);
    if (conflict === null) continue;
    const { retention, deleteAfter } = conflict;
    const { account } = rule;
    findings.push(
      problem(
        "settings",
        `TALKME_CONFIG: with what the database says already, rows of the account ${account} would be deleted after ${deleteAfter} and blanked after ${retention} only.`,
        `Name both periods in the file, or correct the database: select * from talkme.account where account = '${account}';`,
      ),
    );
  }
  return findings;
}
