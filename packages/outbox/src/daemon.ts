/** Every statement that the daemon runs. Not for producers: it changes together with the daemon. */
export { laneOf, parseLane, scopeOf, scopesOf } from "./lane.ts";
export { accountName } from "./account-name.ts";
export { notificationChannel } from "./notification-channel.ts";
export { applyRetention, type RetentionBatch } from "./queries/apply-retention.ts";
export { blame, blamedFunction, isFromServer, type Blame } from "./queries/blame.ts";
export { readCircuits, saveCircuit, type CircuitChange, type CircuitRecord } from "./queries/circuits.ts";
export {
  configureAccount,
  findRetentionConflict,
  listBelowRetentionFloor,
  type AccountRules,
  type RetentionConflict,
} from "./queries/configure-account.ts";
export { countInstances, type InstanceCounts } from "./queries/count-instances.ts";
export { countRows, type RowCounts } from "./queries/count-rows.ts";
export { createAttemptPartitions } from "./queries/create-attempt-partitions.ts";
export { expireOverdue } from "./queries/expire-overdue.ts";
export {
  beginEpoch,
  durabilities,
  listInstances,
  registerInstance,
  sendHeartbeat,
  setListening,
  unregisterInstance,
  type Durability,
  type InstanceIdentity,
  type InstanceReport,
  type RegisteredInstance,
} from "./queries/instances.ts";
export {
  checkHistory,
  confirmHistory,
  enterEra,
  raiseClaimDurability,
  readHistoryState,
  testify,
  type HistoryState,
  type ServerIdentity,
} from "./queries/history.ts";
export {
  recallClaims,
  settleAgain,
  type LostClaim,
  type Recalled,
  type RememberedClaim,
} from "./queries/recall-claims.ts";
export { rollUp, type RolledUp } from "./queries/roll-up.ts";
export { frequentStatements } from "./queries/frequent-statements.ts";
export { listOldSnapshots, type OldSnapshots, type SnapshotHolder } from "./queries/old-snapshots.ts";
export { isSuppressed } from "./queries/is-suppressed.ts";
export { saveLaneAnswers, type LaneAnswer } from "./queries/lane-answers.ts";
export {
  claimCarefully,
  claimFront,
  failUnclaimable,
  type CarefulClaim,
  type FrontRow,
} from "./queries/claim-carefully.ts";
export { fateErrors, type FateCode } from "./queries/fate-errors.ts";
export { listOpenBatches, type BatchProgress, type OpenBatches } from "./queries/list-batches.ts";
export { listCampaigns, type CampaignProgress, type Progress } from "./queries/list-campaigns.ts";
export { listFailures, type FailureGroup } from "./queries/list-failures.ts";
export { listInactiveCampaigns, type InactiveCampaign } from "./queries/list-inactive-campaigns.ts";
export { listSilentCaptures, type SilentCapture } from "./queries/list-silent-captures.ts";
export { listPaused, type PausedScope } from "./queries/list-paused.ts";
export { listMissingPrivileges } from "./queries/missing-privileges.ts";
export { listOddRoles, type OddRoles } from "./queries/odd-roles.ts";
export {
  claimKey,
  reclaim,
  rescueFromDeadInstances,
  type KnownTurns,
  type Reclaimed,
  type RescuedRow,
  type TurnRange,
} from "./queries/rescue.ts";
export { listLockWaits, type LockWait } from "./queries/lock-waits.ts";
export { type LoggedRow } from "./queries/logged-row.ts";
export { maskedText } from "./masked-text.ts";
export { refusalText } from "./refusal-text.ts";
export { notify } from "./queries/notify.ts";
export { probeStandby, type StandbyObstacle } from "./queries/probe-standby.ts";
export { readReplication, type Receiver, type Replication } from "./queries/read-replication.ts";
export { recordAccepted } from "./queries/record-accepted.ts";
export { readOldestSnapshot, type OldestHolder } from "./queries/oldest-snapshot.ts";
export {
  readQueue,
  type Queue,
  type QueuedLane,
  type QueueLook,
  type QueuePlace,
} from "./queries/read-queue.ts";
export { readQueuePages } from "./queries/read-queue-pages.ts";
export { type RefusedRow } from "./queries/row-by-row.ts";
export { unlessLocked, type Patience } from "./queries/patience.ts";
export { reserveSlots, type SlotGrant, type SlotWish } from "./queries/reserve-slots.ts";
export { inspectSchema, type SchemaDifference, type SchemaFault } from "./queries/schema-faults.ts";
export { readServerClock } from "./queries/server-clock.ts";
export { readServerConditions, type ServerConditions } from "./queries/server-conditions.ts";
export { readServerFacts, type ServerFacts } from "./queries/server-facts.ts";
export { settleAndClaim } from "./queries/settle-and-claim.ts";
export type {
  ClaimedRow,
  ClaimStop,
  Cursor,
  LaneClaim,
  PassedRow,
  SettleAndClaimResult,
  Settlement,
} from "./queries/turn.ts";
export { settleCarefully } from "./queries/settle-carefully.ts";
export type { StatementRunner } from "./queries/statement-runner.ts";
export { isUnconfirmed, UnconfirmedCommitError } from "./queries/unconfirmed-commit-error.ts";
export { listUnhealthyRelations, type UnhealthyRelations } from "./queries/unhealthy-relations.ts";
export { nextTurn } from "./queries/turn-number.ts";
export { listCustomersTriggers } from "./queries/customers-triggers.ts";
export { readTableHealth, type TableHealth } from "./queries/table-health.ts";
