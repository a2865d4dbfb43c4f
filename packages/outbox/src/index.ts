/**
 * The outbox for programs that put messages into it: its schema, its types and `enqueue`.
 * What the daemon asks of the database is in `@talkme/outbox/daemon`.
 */
export { enqueue, enqueueOnce, type Enqueuer, type PgQueryable } from "./enqueue.ts";
export type { OutboxMessage } from "./outbox-message.ts";
export { migrate, NewerSchemaError } from "./migrations/migrate.ts";
export { printPending } from "./migrations/print-pending.ts";
export { readSchemaState, type SchemaState } from "./migrations/schema-state.ts";
export type {
  AttemptTable,
  CapturesView,
  CaptureErrorTable,
  CircuitTable,
  InstanceTable,
  LaneTable,
  OutboxDatabase,
  OutboxTable,
  PaceTable,
} from "./schema.ts";
export { statuses, type CircuitKind, type OnUnknown, type Status } from "./status.ts";
