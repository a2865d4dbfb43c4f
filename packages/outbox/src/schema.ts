import type { Action, InfoContato, Outcome } from "@talkme/core";
import type { ColumnType, Generated, GeneratedAlways } from "kysely";

import type { CircuitKind, OnUnknown, Status } from "./status.ts";

/** A column of the database's own: read, never written. */
type ReadOnly<T> = ColumnType<T, never, never>;

/** A column that only the daemon writes: a producer leaves it out of the insert. */
type Daemon<T> = ColumnType<T, never, T>;

/** `talkme.outbox`. An int8 is a string in JavaScript, as the driver gives it, so that no digit is lost. */
export interface OutboxTable {
  id: GeneratedAlways<string>;

  account: Generated<string>;
  id_campanha: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  id_wpp: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  numero_dest: string | null;
  email_dest: string | null;
  txtmsg: string | null;
  assunto: string | null;
  info_contato: ColumnType<InfoContato | null, string | null | undefined, string | null>;
  priority: Generated<number>;
  send_at: Generated<Date>;
  expires_at: Date | null;
  dedupe_key: string | null;
  max_attempts: number | null;
  on_unknown: OnUnknown | null;
  metadata: ColumnType<unknown, string | null | undefined, string | null>;
  batch_id: ColumnType<string | null, string | number | null | undefined, string | number | null>;
  created_at: ReadOnly<Date>;

  status: Daemon<Status>;
  attempts: Daemon<number>;
  fence: Daemon<number>;
  claim: Daemon<string | null>;
  retry_at: Daemon<Date | null>;
  claimed_by: Daemon<string | null>;
  claimed_at: Daemon<Date | null>;
  finished_at: Daemon<Date | null>;
  http_status: Daemon<number | null>;
  reference: Daemon<string | null>;
  response: Daemon<string | null>;
  error_code: Daemon<string | null>;
  error: Daemon<string | null>;

  lane: ReadOnly<string>;
  due_at: ReadOnly<Date>;
  recipient: ReadOnly<string | null>;
  recipient_hash: ReadOnly<string | null>;
  created_by: ReadOnly<string | null>;
  blanked_at: Daemon<Date | null>;
}

/** `talkme.attempt`: one row for each HTTP attempt. */
export interface AttemptTable {
  outbox_id: string;
  attempt: number;
  account: string;
  action: Action;
  started_at: Date;
  duration_ms: number;
  outcome: Outcome;
  http_status: number | null;
  reference: string | null;
  error_code: string | null;
  error: string | null;
  instance: string;
  claim: string | null;
}

/** `talkme.instance`: the running daemons. */
export interface InstanceTable {
  name: string;
  version: string;
  host: string;
  pid: number;
  started_at: Generated<Date>;
  heartbeat_at: Generated<Date>;
  lease_seconds: number;
  request_seconds: Generated<number>;
  listening: Generated<boolean>;
  epoch: Generated<number>;
  durability: Generated<"local" | "standby">;
  era: string | null;
  recalled_at: Date | null;
  beats: Generated<number>;
  is_witness: Generated<boolean>;
}

/** `talkme.circuit`: the accounts that wait, or were in trouble. */
export interface CircuitTable {
  account: string;
  credential: Generated<string>;
  version: Generated<string>;
  alarms: Generated<string>;
  not_founds: Generated<number>;
  troubles: Generated<number>;
  kind: CircuitKind | null;
  opened_at: Date | null;
  half_open_at: Date | null;
  slowdown: Generated<number>;
  throttled_at: Date | null;
  trial_by: string | null;
  reported_by: string | null;
}

/** `talkme.lane`: what the API said of each account, campaign and channel. */
export interface LaneTable {
  lane: string;
  account: string;
  accepted_at: Date | null;
  not_founds: Generated<number>;
  quiet_until: Date | null;
}

/** `talkme.pace`: the first time of each scope that nobody has reserved. */
export interface PaceTable {
  scope: string;
  next_at: Date;
}

/** `talkme.retention_progress`: how far blanking and deleting have come. `walked_to` is -Infinity at first. */
export interface RetentionProgressTable {
  action: "delete" | "blank" | "attempt" | "gap_claim";
  after: string;
  includes: Generated<string[]>;
  excludes: Generated<string[]>;
  walked_to: Generated<Date | number>;
  walked_to_id: Generated<string>;
  skipped_from: Date | null;
  ended_at: Date | null;
}

/** `talkme.hourly`: how many rows became what, by the hour, for two years. */
export interface HourlyTable {
  hour: ReadOnly<Date>;
  account: ReadOnly<string>;
  id_campanha: ReadOnly<string | null>;
  batch_id: ReadOnly<string | null>;
  status: ReadOnly<"sent" | "failed" | "expired" | "cancelled">;
  rows: ReadOnly<string>;
}

/** `talkme.captures`, a view: the captures of the customer's own tables, and whether they work. */
export interface CapturesView {
  name: ReadOnly<string>;
  source: ReadOnly<string>;
  condition: ReadOnly<string>;
  map: ReadOnly<unknown>;
  events: ReadOnly<"insert" | "update" | "insert or update">;
  each_time: ReadOnly<boolean>;
  on_error: ReadOnly<"block" | "record">;
  created_by: ReadOnly<string>;
  created_at: ReadOnly<Date>;
  errors: ReadOnly<string>;
  status: ReadOnly<string>;
  schema_name: ReadOnly<string>;
  table_exists: ReadOnly<boolean>;
}

/** `talkme.capture_error`: rows that a capture could not turn into a message. */
export interface CaptureErrorTable {
  id: ReadOnly<string>;
  at: ReadOnly<Date>;
  capture: ReadOnly<string>;
  source: ReadOnly<string>;
  event: ReadOnly<"INSERT" | "UPDATE">;
  key: ReadOnly<unknown>;
  entry: ReadOnly<string | null>;
  sqlstate: ReadOnly<string>;
  rule: ReadOnly<string | null>;
  message: ReadOnly<string>;
  hint: ReadOnly<string>;
  written_by: ReadOnly<string>;
}

/** For `Kysely<OutboxDatabase>`, or to be merged into the type of your own database. */
export interface OutboxDatabase {
  "talkme.outbox": OutboxTable;
  "talkme.attempt": AttemptTable;
  "talkme.instance": InstanceTable;
  "talkme.circuit": CircuitTable;
  "talkme.lane": LaneTable;
  "talkme.pace": PaceTable;
  "talkme.retention_progress": RetentionProgressTable;
  "talkme.hourly": HourlyTable;
  "talkme.captures": CapturesView;
  "talkme.capture_error": CaptureErrorTable;
}
