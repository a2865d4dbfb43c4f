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

import { duration } from "../text/duration.ts";
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
    const found = `rows wait for accounts that are not configured here: ${strangers.map(maskedText).join(", ")}${strangers.length < mostStrangers ? "" : ", and perhaps more"}.`;
    const remedy = "Add them to TALKME_CONFIG, or correct the rows' account; until then these rows wait.";
    findings.push(warning("accounts", found, remedy));
  }
  for (const { account, kind, instance, tried_in_seconds: seconds } of openCircuits(circuits)) {
    const whose = instance === null ? "" : `, for the token of instance ${instance} alone`;
    findings.push(
      warning(
        "circuit",
        `open for account ${account} (${kind})${whose}: its rows wait, and one is tried in ${duration(seconds)}.`,
        `Mend what opened it, then: select talkme.resume('${scopeOf("account", account)}');`,
      ),
    );
  }
  const quietLanes = new QuietLanes();
  const campaigns = new Set<string>();
  for await (const { lanes } of readQueuePages(db)) {
    quietLanes.add(lanes);
    for (const { lane } of lanes) campaigns.add(laneOf({ ...parseLane(lane), channel: null }));
  }
  const quiet = quietLanes.named;
  for (const { lane, scope, not_founds: notFounds, tried_in_seconds: seconds } of quiet.lanes) {
    findings.push(
      warning(
        "campaigns",
        `${lane} is left alone: ${whyQuiet(notFounds)}; one row is tried in ${seconds} s.`,
        `${quietRemedy(notFounds)}, then: select talkme.resume('${scope}');`,
      ),
    );
  }
  if (quiet.more > 0) {
    const more = `${quiet.more} more campaigns or channels are left alone.`;
    findings.push(warning("campaigns", more, "Correct them in the same way; talkme.lane lists them all."));
  }
  return [...findings, ...(await checkCampaigns(db, campaigns))];
}

function whyQuiet(notFounds: number): string {
  return notFounds === 0
    ? "no response rule matches the API's answer"
    : `the API did not find it ${notFounds} times in a row`;
}

function quietRemedy(notFounds: number): string {
  return notFounds === 0
    ? "Read the error of its unknown rows and add a response rule"
    : "Correct id_campanha or id_wpp of its rows, or have Talk.me create it";
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
      warning(
        "campaigns",
        `campaign ${idCampanha} of account ${account} is not active, and its rows wait.`,
        `Cancel its rows, or: update talkme.campaign set active = true where account = '${account}' and id_campanha = ${idCampanha};`,
      ),
    );
}

/** What is paused, and was the pause perhaps forgotten? */
export async function checkPaused(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  return (await listPaused(db)).map(describePause);
}

function describePause({ scope, reason, pausedBy, pausedForSeconds }: PausedScope): Finding {
  const detail = `${scope} has been paused for ${duration(pausedForSeconds)} by ${pausedBy ?? "somebody"}: ${reason ?? "no reason given"}.`;
  return pausedForSeconds < forgottenAfterSeconds
    ? ok("pauses", detail)
    : warning("pauses", detail, `Its rows wait. Was it forgotten? select talkme.resume('${scope}');`);
}
