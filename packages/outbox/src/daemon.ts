/** Every statement that the daemon runs. Not for producers: it changes together with the daemon. */
export { notificationChannel } from "./notification-channel.ts";
export { readCircuits, saveCircuit, type CircuitChange, type CircuitRecord } from "./queries/circuits.ts";
export { countInstances, type InstanceCounts } from "./queries/count-instances.ts";
export { countRows, type RowCounts } from "./queries/count-rows.ts";
export { createAttemptPartitions } from "./queries/create-attempt-partitions.ts";
export { expireOverdue } from "./queries/expire-overdue.ts";
export {
  beginEpoch,
  listInstances,
  registerInstance,
  sendHeartbeat,
  setListening,
  unregisterInstance,
  type InstanceIdentity,
  type InstanceReport,
} from "./queries/instances.ts";
export { saveLaneAnswers, type LaneAnswer } from "./queries/lane-answers.ts";
export { failUnclaimable, type UnclaimableRow } from "./queries/fail-unclaimable.ts";
export { listFailures, type FailureGroup } from "./queries/list-failures.ts";
export { listMissingPrivileges } from "./queries/missing-privileges.ts";
export {
  claimKey,
  readDatabaseTime,
  releaseUnsent,
  rescueFromDeadInstances,
  type RescuedRow,
} from "./queries/rescue.ts";
export { notify } from "./queries/notify.ts";
export { readOldestSnapshot, type SnapshotHolder } from "./queries/oldest-snapshot.ts";
export { readQueue, type Queue, type QueuedLane } from "./queries/read-queue.ts";
export { rowsOwnFault } from "./queries/rows-own-fault.ts";
export { reserveSlots, type SlotGrant, type SlotWish } from "./queries/reserve-slots.ts";
export { readServerFacts, type ServerFacts } from "./queries/server-facts.ts";
export {
  settleAndClaim,
  type ClaimedRow,
  type Cursor,
  type LaneClaim,
  type SettleAndClaimResult,
  type Settlement,
} from "./queries/settle-and-claim.ts";
export { readTableHealth, type TableHealth } from "./queries/table-health.ts";
