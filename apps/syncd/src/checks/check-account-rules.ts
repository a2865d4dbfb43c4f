import type { OutboxDatabase } from "@talkme/outbox";
import { findRetentionConflict, listBelowRetentionFloor, type AccountRules } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { settings } from "../language/findings/machine.ts";
import { problem, type Finding } from "./finding.ts";

/** Would the database accept the rules of accounts that `run` would write from the file? */
export async function checkAccountRules(
  db: Kysely<OutboxDatabase>,
  rules: readonly AccountRules[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const rule of rules) {
    for (const { setting, given, shortest } of await listBelowRetentionFloor(db, rule)) {
      findings.push(
        problem("settings", settings.belowFloor(setting, given, rule.account, shortest), settings.keepLonger),
      );
    }
    const conflict = await findRetentionConflict(db, rule);
    if (conflict === null) continue;
    const { retention, deleteAfter } = conflict;
    const { account } = rule;
    findings.push(
      problem(
        "settings",
        settings.retentionConflict(account, retention, deleteAfter),
        settings.setBothPeriods(account),
      ),
    );
  }
  return findings;
}
