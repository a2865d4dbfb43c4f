/** Every statement that the console runs. Not for producers: it changes together with the console. */
export {
  findAccount,
  listAccounts,
  removeAccount,
  saveAccount,
  type ConsoleAccount,
} from "./console/accounts.ts";
export { listAudit, type AuditEntry, type AuditFilter } from "./console/audit.ts";
export { exportBatch, type BatchResult } from "./console/export-batch.ts";
export { cancelRest, listBatches, readBatch, type Batch } from "./console/batches.ts";
export {
  listCampaigns,
  listReasons,
  readCampaignRules,
  type CampaignRules,
  type LaneCounts,
  type Reason,
} from "./console/campaigns.ts";
export {
  addLines,
  beginList,
  checkList,
  correctLine,
  countList,
  dropList,
  endList,
  listLines,
  listProblems,
  listUnsent,
  mapList,
  previewList,
  readList,
  sendList,
  type List,
  type ListCounts,
  type ListLine,
  type ListMessage,
  type ListPreview,
  type ListProblem,
} from "./console/lists.ts";
export {
  listGrantedRoles,
  readLoginState,
  type GrantedRole,
  type LoginState,
} from "./console/login-state.ts";
export {
  actAsConsole,
  becomePerson,
  bringsIn,
  seesCampaigns,
  seesEverything,
  type Access,
  type Person,
  type Rights,
} from "./console/person.ts";
export { listMessages, type FoundMessages, type MessageFilter, type MessageRow } from "./console/messages.ts";
export {
  cancelMessage,
  explainMessage,
  listAttempts,
  listEvents,
  readMessage,
  retryMessage,
  reveal,
  type AttemptMade,
  type MessageEvent,
  type Revealed,
} from "./console/message.ts";
export { listPauses, pause, resume, type Pause } from "./console/pauses.ts";
export { listSentLately, type SentInMinutes } from "./console/sent-lately.ts";
export { beginSession, endSession, findSession, removeOldSessions } from "./console/sessions.ts";
export { listStops, type Stop } from "./console/stops.ts";
export {
  countUnknown,
  decideMany,
  decideOne,
  listUnknown,
  verdicts,
  type UnknownFilter,
  type UnknownKind,
  type UnknownRow,
  type Verdict,
} from "./console/unknown.ts";
