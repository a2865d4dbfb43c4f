import type { OutboxDatabase } from "@talkme/outbox";
import {
  laneOf,
  listInactiveCampaigns,
  listPaused,
  maskedText,
  parseLane,
  readQueue,
  readQueuePages,
  scopeOf,
  type PausedScope,
} from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { queue } from "../language/findings/outbox.ts";
import { openCircuits } from "../status/open-circuits.ts";
import { QuietLanes } from "../status/quiet-lanes.ts";
import { ok, warning, type Finding } from "./finding.ts";

/** The most that talkme.read_queue names. */
const mostStrangers = 20;

const forgottenAfterSeconds = 86_400;

/** Do rows wait for something that only a person can end? `accounts` are the configured ones. */
export async function checkQueue(
  db: Kysely<OutboxDatabase>,
  accounts: readonly string[],
): Promise<readonly Finding[]> {
  const { circuits, strangers } = await readQueue(db, { accounts, page: 1 });
  const findings: Finding[] = [];
  if (strangers.length > 0) {
    const found = queue.strangers(strangers.map(maskedText), strangers.length >= mostStrangers);
    findings.push(warning("accounts", found, queue.addAccounts));
  }
  for (const { account, kind, instance, tried_in_seconds: seconds } of openCircuits(circuits)) {
    const found = queue.circuit(account, kind, instance, seconds);
    findings.push(warning("circuit", found, queue.closeCircuit(scopeOf("account", account))));
  }
  const quietLanes = new QuietLanes();
  const campaigns = new Set<string>();
  for await (const { lanes } of readQueuePages(db)) {
    quietLanes.add(lanes);
    for (const { lane } of lanes) campaigns.add(laneOf({ ...parseLane(lane), channel: null }));
  }
  const quiet = quietLanes.named;
  for (const { lane, scope, not_founds: notFounds, tried_in_seconds: seconds } of quiet.lanes) {
    const found = queue.quiet(lane, notFounds, seconds);
    findings.push(warning("campaigns", found, queue.mendQuiet(notFounds, scope)));
  }
  if (quiet.more > 0) findings.push(warning("campaigns", queue.moreQuiet(quiet.more), queue.mendThem));
  return [...findings, ...(await checkCampaigns(db, campaigns))];
}

/** Which campaigns with waiting rows are switched off? */
async function checkCampaigns(
  db: Kysely<OutboxDatabase>,
  waiting: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const inactive = await listInactiveCampaigns(db);
  return inactive
    .filter(({ account, idCampanha }) =>
      waiting.has(laneOf({ account, campaign: idCampanha, channel: null })),
    )
    .map(({ account, idCampanha }) =>
      warning("campaigns", queue.inactive(idCampanha, account), queue.activate(idCampanha, account)),
    );
}

/** What is paused, and was the pause perhaps forgotten? */
export async function checkPaused(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  return (await listPaused(db)).map(describePause);
}

function describePause({ scope, reason, pausedBy, pausedForSeconds }: PausedScope): Finding {
  const detail = queue.paused(scope, pausedForSeconds, pausedBy, reason);
  return pausedForSeconds < forgottenAfterSeconds
    ? ok("pauses", detail)
    : warning("pauses", detail, queue.resume(scope));
}
