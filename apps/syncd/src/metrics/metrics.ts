import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import { circuitKinds } from "@talkme/outbox";
import { fateErrors } from "@talkme/outbox/daemon";

const claimBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const sendBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];
const pickupBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600, 3600];

const actions = ["simples", "v2"] as const;
const outcomes = ["accepted", "rejected", "not_sent", "unknown"] as const;

/**
 * The metrics that the daemon counts while it works; `collectors/` has those read at a scrape. The help texts of both
 * make docs/metrics.md. No label ever contains a phone number, a row's id or free text.
 */
export class Metrics {
  readonly registry = new Registry();

  readonly sendAttempts = new Counter({
    name: "talkme_send_attempts_total",
    help: "Finished requests by their outcome. action: simples, v2; outcome: accepted, rejected, not_sent, unknown",
    labelNames: ["account", "action", "outcome"],
    registers: [this.registry],
  });
  readonly sendDuration = new Histogram({
    name: "talkme_send_duration_seconds",
    help: "From the request to its outcome",
    labelNames: ["account", "action"],
    buckets: sendBuckets,
    registers: [this.registry],
  });
  readonly pickupDuration = new Histogram({
    name: "talkme_pickup_duration_seconds",
    help: "From due to claimed, by the database's clock; the request follows at once. A retry counts from retry_at",
    buckets: pickupBuckets,
    registers: [this.registry],
  });
  readonly claims = new Counter({
    name: "talkme_claims_total",
    help: "Statements that claimed rows or tried to",
    registers: [this.registry],
  });
  readonly claimDuration = new Histogram({
    name: "talkme_claim_duration_seconds",
    help: "How long statements that claim took; they settle too",
    buckets: claimBuckets,
    registers: [this.registry],
  });
  readonly repeatedTurns = new Counter({
    name: "talkme_repeated_turns_total",
    help: "Turns that waited 20 ms for a locked row or a trigger and were repeated around locked rows, which turns of the next second avoid at once. A row that stays locked counts once; talkme_settle_backlog shows it",
    registers: [this.registry],
  });
  readonly databaseErrors = new Counter({
    name: "talkme_database_errors_total",
    help: "Statements that failed",
    registers: [this.registry],
  });
  readonly staleSettlements = new Counter({
    name: "talkme_stale_settlements_total",
    help: "Answers that changed nothing, because the row was already decided or a broken connection made syncd write them twice",
    registers: [this.registry],
  });
  readonly refusedSettlements = new Counter({
    name: "talkme_refused_settlements_total",
    help: "Answers that could not be written: a trigger on talkme.outbox suppressed the update (each try counts), or the recipient had changed. The row becomes unknown",
    registers: [this.registry],
  });
  readonly acceptedWithoutRow = new Counter({
    name: "talkme_accepted_without_row_total",
    help: "Messages that Talk.me accepted but no row shows: it was deleted, truncated or decided otherwise. talkme.attempt has them",
    registers: [this.registry],
  });
  readonly forgottenAnswers = new Counter({
    name: "talkme_forgotten_answers_total",
    help: "Rows still sending although this instance had written their answers: a failover, a restore or a trigger undid that. They become unknown",
    registers: [this.registry],
  });
  readonly recalledRows = new Counter({
    name: "talkme_recalled_rows_total",
    help: "Rows that a failover or restore had made pending although this instance had sent them, and remembered: they become unknown until their answers are written",
    registers: [this.registry],
  });
  readonly rescuedRows = new Counter({
    name: "talkme_rescued_rows_total",
    help: "Rows that this instance took over from instances that died while sending them",
    registers: [this.registry],
  });
  readonly passedRows = new Counter({
    name: "talkme_passed_rows_total",
    help: "Rows that a claim of this instance met and did not send. code: expired, forgotten, suppressed (they have ended); claim_unsettled (unknown: a person decides); outside_window, recipient_gap (put off, and counted again each time that they are)",
    labelNames: ["account", "code"],
    registers: [this.registry],
  });
  readonly expiredRows = new Counter({
    name: "talkme_expired_rows_total",
    help: "Rows that this instance marked as expired, at a claim or every 15 seconds",
    registers: [this.registry],
  });
  readonly retentionRows = new Counter({
    name: "talkme_retention_rows_total",
    help: "Rows past their retention that this instance removed. action: blanked (of personal data), deleted, refused (a foreign key or trigger kept them; counted in each round)",
    labelNames: ["action"],
    registers: [this.registry],
  });
  readonly circuitOpenings = new Counter({
    name: "talkme_circuit_openings_total",
    help: "How often this instance opened the circuit of an account. kind: not_found, authentication, trouble, throttled",
    labelNames: ["account", "kind"],
    registers: [this.registry],
  });
  readonly circuitTransitions = new Counter({
    name: "talkme_circuit_transitions_total",
    help: "Changes of an account's circuit that this instance saw, whichever instance caused them. to: closed, or the kind of its opening",
    labelNames: ["account", "to"],
    registers: [this.registry],
  });
  readonly rateWaits = new Counter({
    name: "talkme_rate_waits_total",
    help: "How often due rows waited for a rate although a slot was free. scope: account:NAME, campaign:ID or channel:ID",
    labelNames: ["scope"],
    registers: [this.registry],
  });
  readonly rateWaitSeconds = new Counter({
    name: "talkme_rate_wait_seconds_total",
    help: "How long they waited. A rate of 1 a second means that the scope is always at its limit",
    labelNames: ["scope"],
    registers: [this.registry],
  });
  readonly notifications = new Counter({
    name: "talkme_notifications_total",
    help: "Notifications of inserts received",
    registers: [this.registry],
  });
  readonly listenFailures = new Counter({
    name: "talkme_listen_failures_total",
    help: "How often the connection for notifications was lost, could not be opened or delivered none",
    registers: [this.registry],
  });
  readonly logLinesLeftOut = new Counter({
    name: "talkme_log_lines_left_out_total",
    help: "Repeated lines that were counted instead of written",
    registers: [this.registry],
  });
  readonly logLinesDropped = new Counter({
    name: "talkme_log_lines_dropped_total",
    help: "Log lines dropped because standard output was blocked: nobody reads it, or its disk is full",
    registers: [this.registry],
  });
  readonly lastSuccessfulPoll = new Gauge({
    name: "talkme_last_successful_poll_timestamp_seconds",
    help: "When the instance last read the queue successfully, as a Unix time by the database's clock; 0 before the first time",
    registers: [this.registry],
  });
  readonly maintenanceLastSuccess = new Gauge({
    name: "talkme_maintenance_last_success_timestamp_seconds",
    help: "When this instance last completed the task, as a Unix time by the machine's clock; 0 before the first time. task: expire overdue rows, check the schema, create partitions, remove old data",
    labelNames: ["task"],
    registers: [this.registry],
  });
  readonly buildInfo = new Gauge({
    name: "talkme_build_info",
    help: "Always 1",
    labelNames: ["version"],
    registers: [this.registry],
  });

  /** Begins the series of a scope that now has a rate. */
  beginScope(scope: string): void {
    this.rateWaits.inc({ scope }, 0);
    this.rateWaitSeconds.inc({ scope }, 0);
  }

  /** Begins every series at 0, to distinguish what has not happened from what is not measured. */
  begin(accounts: readonly string[], tasks: readonly string[], version: string): void {
    this.buildInfo.set({ version }, 1);
    for (const task of tasks) this.maintenanceLastSuccess.set({ task }, 0);
    for (const action of ["blanked", "deleted", "refused"]) this.retentionRows.inc({ action }, 0);
    for (const account of accounts) {
      for (const code of Object.keys(fateErrors)) this.passedRows.inc({ account, code }, 0);
      for (const kind of circuitKinds) this.circuitOpenings.inc({ account, kind }, 0);
      for (const to of ["closed", ...circuitKinds]) this.circuitTransitions.inc({ account, to }, 0);
      for (const action of actions) {
        this.sendDuration.zero({ account, action });
        for (const outcome of outcomes) this.sendAttempts.inc({ account, action, outcome }, 0);
      }
    }
  }
}
