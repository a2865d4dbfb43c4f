import { readSchemaState, type OutboxDatabase, type Status } from "@talkme/outbox";
import {
  countRows,
  listFailures,
  listInstances,
  listCampaigns,
  listOpenBatches,
  listPaused,
  maskedText,
  readHistoryState,
  readQueuePages,
  readReplication,
  type BatchProgress,
  type FailureGroup,
  type InstanceReport,
  type PausedScope,
} from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { UnfitSchemaError } from "../database/unfit-schema-error.ts";
import { history as ofHistory } from "../language/findings/outbox.ts";
import type { Language } from "../language/language.ts";
import type { Text } from "../language/text.ts";
import type { StopReason } from "../policy/stopped-lane.ts";
import { WaitingLanes, type Waiting } from "../policy/waiting-lanes.ts";
import { namedCampaigns, type NamedCampaigns } from "./named-campaigns.ts";
import { openCircuits, type OpenCircuit } from "./open-circuits.ts";
import { QuietLanes, type QuietLane } from "./quiet-lanes.ts";

/** The state of the outbox at one moment; `--json` prints it as it is. */
export interface StatusReport {
  readonly rows: Readonly<Record<Status, number>>;
  readonly sent_is_estimate: boolean;
  /** Among rows that may go; the lanes that a pause or a closed sending window stops are in `held_lanes`. */
  readonly oldest_due_waits_seconds: number;
  /** Messages that were sent in the last minute, a second. */
  readonly rate_per_second: number;
  readonly campaigns: NamedCampaigns["campaigns"];
  /** The campaigns beyond those listed, added up; null where all are listed. */
  readonly other_campaigns: NamedCampaigns["others"];
  /** Those with rows that wait or are on the wire, and those of the last day. */
  readonly batches: readonly BatchProgress[];
  readonly other_batches: { readonly batches: number; readonly pending: number };
  /** Stopped lanes: campaigns and channels with due rows of which none may go. */
  readonly held_lanes: Readonly<Record<StopReason, number>>;
  readonly instances: readonly InstanceReport[];
  readonly open_circuits: readonly OpenCircuit[];
  /** Lanes whose rows wait because the API did not find the campaign or channel. */
  readonly quiet_lanes: readonly QuietLane[];
  /** The number of quiet lanes beyond those listed. */
  readonly more_quiet_lanes: number;
  readonly paused: readonly PausedScope[];
  /** Why nothing is sent after a failover, a restore or in a copy, and what to do; null where nothing is to be done. */
  readonly history: Text | null;
  /** The standbys of which none confirms claims that have to be confirmed, so that nothing is sent; null where that is not so. */
  readonly waits_for_standby: string | null;
  readonly not_sent: readonly FailureGroup[];
  /** Rows that are unknown, by their reason. */
  readonly may_have_been_sent: readonly FailureGroup[];
}

/** The most batches that are counted. */
const mostBatches = 8;

/**
 * Reads it; cheap even where the table is large.
 *
 * @param language Of the sentences that the database says: why rows were not sent.
 * @throws {UnfitSchemaError}
 */
export async function readStatusReport(
  db: Kysely<OutboxDatabase>,
  language: Language,
): Promise<StatusReport> {
  const state = await readSchemaState(db);
  if (state.kind !== "current") throw new UnfitSchemaError(state);
  const { lanes, ...queue } = await surveyQueue(db);
  const { free, stopped } = lanes;
  const { byStatus, sentIsEstimate } = await countRows(db);
  const campaigns = await listCampaigns(db);
  const { batches, more, morePending } = await listOpenBatches(db, mostBatches);
  const history = await readHistoryState(db);
  const { notice } = history;
  const instances = await listInstances(db);
  const areConfirmed =
    history.claimDurability === "standby" || instances.some(({ durability }) => durability === "standby");
  // The API's echo or a trigger's error may contain the number.
  const ended = await maskedIn(listFailures(db, language), "example");
  const { campaigns: named, others } = namedCampaigns(campaigns);
  return {
    rows: byStatus,
    sent_is_estimate: sentIsEstimate,
    oldest_due_waits_seconds: free.lanes === 0 ? 0 : Math.round(queue.nowSeconds - free.oldestSeconds),
    rate_per_second: Math.round(campaigns.reduce((sum, one) => sum + one.ratePerSecond, 0) * 100) / 100,
    campaigns: named,
    other_campaigns: others,
    batches: batches.map((batch) => Object.assign({}, batch, { name: maskedText(batch.name) })),
    other_batches: { batches: more, pending: morePending },
    held_lanes: { pause: stopped.pause.lanes, window: stopped.window.lanes },
    instances,
    open_circuits: queue.circuits,
    quiet_lanes: queue.quiet.lanes,
    more_quiet_lanes: queue.quiet.more,
    paused: await maskedIn(listPaused(db), "reason"),
    history: notice === null ? null : ofHistory.changed(notice, history.noticeInPortuguese ?? notice),
    waits_for_standby: areConfirmed ? await missingStandby(db) : null,
    not_sent: ended.filter(({ status }) => status !== "unknown"),
    may_have_been_sent: ended.filter(({ status }) => status === "unknown"),
  };
}

/** The names of the standbys that should confirm, where none can: none is named, or none of them is seen to be connected. */
async function missingStandby(db: Kysely<OutboxDatabase>): Promise<string | null> {
  const { names, receivers } = await readReplication(db);
  const isConnected =
    receivers === null || receivers.some(({ syncState }) => /^(?:sync|quorum)$/.test(syncState));
  return names !== "" && isConnected ? null : names;
}

/** One pass through the queue, page by page. */
async function surveyQueue(db: Kysely<OutboxDatabase>): Promise<{
  readonly lanes: Waiting;
  readonly quiet: QuietLanes["named"];
  readonly circuits: readonly OpenCircuit[];
  readonly nowSeconds: number;
}> {
  const quiet = new QuietLanes();
  let circuits: readonly OpenCircuit[] = [];
  let nowSeconds = 0;
  const pages = async function* () {
    for await (const page of readQueuePages(db)) {
      quiet.add(page.lanes);
      circuits = openCircuits(page.circuits);
      nowSeconds = page.nowSeconds;
      yield page;
    }
  };
  const lanes = await new WaitingLanes().see(pages());
  return { lanes, quiet: quiet.named, circuits, nowSeconds };
}

async function maskedIn<Name extends string, T extends Readonly<Record<Name, string | null>>>(
  reading: Promise<readonly T[]>,
  name: Name,
): Promise<readonly T[]> {
  return (await reading).map((one) => {
    const text = one[name];
    return text === null ? one : Object.assign({}, one, { [name]: maskedText(text) });
  });
}
