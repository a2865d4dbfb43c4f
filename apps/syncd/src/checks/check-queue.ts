import type { OutboxDatabase } from "@talkme/outbox";
import { listPaused, readQueue, type PausedScope } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { duration } from "../duration.ts";
import { ok, warning, type Finding } from "./finding.ts";

const forgottenAfterSeconds = 86_400;

/** Does anything keep rows waiting that a person has to end? `accounts` are those that are configured here. */
export async function checkQueue(
  db: Kysely<OutboxDatabase>,
  accounts: readonly string[],
): Promise<readonly Finding[]> {
  const { lanes, circuits } = await readQueue(db);
  const waiting = new Set(lanes.filter(({ dueInMs }) => dueInMs <= 0).map(({ account }) => account));
  const unknown = [...waiting].filter((account) => !accounts.includes(account));
  const findings: Finding[] = [];
  if (unknown.length > 0) {
    const found = `rows are due for accounts that are not configured here: ${unknown.join(", ")}.`;
    const remedy = "Add them to TALKME_CONFIG, or correct the rows' account; until then these rows wait.";
    findings.push(warning("accounts", found, remedy));
  }
  for (const { account, kind, halfOpenInMs } of circuits) {
    if (kind === null) continue;
    const soon = duration(Math.max(0, halfOpenInMs ?? 0) / 1000);
    findings.push(
      warning(
        "circuit",
        `open for account ${account} (${kind}): its rows wait, and one is tried in ${soon}.`,
        `Mend what opened it, then: select talkme.resume('account:${account}');`,
      ),
    );
  }
  return findings;
}

/** What has a person paused, and perhaps forgotten? */
export async function checkPaused(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  return (await listPaused(db)).map(describePause);
}

function describePause({ scope, reason, pausedBy, pausedForSeconds }: PausedScope): Finding {
  const detail = `${scope} has been paused for ${duration(pausedForSeconds)} by ${pausedBy ?? "somebody"}: ${reason ?? "no reason given"}.`;
  return pausedForSeconds < forgottenAfterSeconds
    ? ok("pauses", detail)
    : warning("pauses", detail, `Its rows wait. Was it forgotten? select talkme.resume('${scope}');`);
}
