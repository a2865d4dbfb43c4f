import type { OutboxDatabase } from "@talkme/outbox";
import {
  listInactiveCampaigns,
  listPaused,
  readQueue,
  type PausedScope,
  type QueuedLane,
} from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { duration } from "../duration.ts";
import { quietLanes } from "../status/quiet-lanes.ts";
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
  for (const { account, credential, reportedBy, kind, halfOpenInMs } of circuits) {
    if (kind === null || (credential !== "" && reportedBy === null)) continue;
    const soon = duration(Math.max(0, halfOpenInMs ?? 0) / 1000);
    const whose = credential === "" ? "" : `, for the token of instance ${reportedBy} alone`;
    findings.push(
      warning(
        "circuit",
        `open for account ${account} (${kind})${whose}: its rows wait, and one is tried in ${soon}.`,
        `Mend what opened it, then: select talkme.resume('account:${account}');`,
      ),
    );
  }
  for (const { lane, scope, not_founds: notFounds, tried_in_seconds: seconds } of quietLanes(lanes)) {
    findings.push(
      warning(
        "campaigns",
        `${lane} is left alone: ${whyQuiet(notFounds)}; one row is tried in ${seconds} s.`,
        `${quietRemedy(notFounds)}, then: select talkme.resume('${scope}');`,
      ),
    );
  }
  return [...findings, ...(await checkCampaigns(db, lanes))];
}

function whyQuiet(notFounds: number): string {
  return notFounds === 0
    ? "no response rule knows what the API answers"
    : `${notFounds} times in a row the API did not find it`;
}

function quietRemedy(notFounds: number): string {
  return notFounds === 0
    ? "Read the error of its unknown rows and add a response rule"
    : "Correct id_campanha or id_wpp of its rows, or have it made at Talk.me";
}

/** Which campaigns that have rows has somebody switched off? */
async function checkCampaigns(
  db: Kysely<OutboxDatabase>,
  lanes: readonly QueuedLane[],
): Promise<readonly Finding[]> {
  const inactive = await listInactiveCampaigns(db);
  return inactive
    .filter(({ account, idCampanha }) =>
      lanes.some(({ lane }) => lane.startsWith(`${account}/${idCampanha}/`)),
    )
    .map(({ account, idCampanha }) =>
      warning(
        "campaigns",
        `campaign ${idCampanha} of account ${account} is not active, and rows of it wait.`,
        `Have its rows cancelled, or: update talkme.campaign set active = true where account = '${account}' and id_campanha = ${idCampanha};`,
      ),
    );
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
