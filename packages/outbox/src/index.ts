/**
 * The outbox for programs that put messages into it: its schema, its types and `enqueue`.
 * What the daemon asks of the database is in `@talkme/outbox/daemon`.
 */
export { enqueue, enqueueOnce, type Enqueuer, type PgQueryable } from "./enqueue.ts";
export type { OutboxMessage } from "./outbox-message.ts";
export type { MigrationPatience } from "./migrations/apply-file.ts";
export type { LockHolder } from "./migrations/lock-watch.ts";
export { LockedSchemaError } from "./migrations/locked-schema-error.ts";
export { migrate } from "./migrations/migrate.ts";
export { NewerSchemaError } from "./migrations/newer-schema-error.ts";
export { printPending } from "./migrations/print-pending.ts";
export { readSchemaState, type SchemaState } from "./migrations/schema-state.ts";
export type {
  AttemptTable,
  CapturesView,
  HourlyTable,
  CaptureErrorTable,
  CircuitTable,
  InstanceTable,
  LaneTable,
  OutboxDatabase,
  OutboxTable,
  PaceTable,
  RetentionProgressTable,
} from "./schema.ts";
export {
  circuitKinds,
  onUnknowns,
  statuses,
  type CircuitKind,
  type OnUnknown,
  type Status,
} from "./status.ts";
