import { Counter, Gauge, Histogram, Registry } from "@prometheus-io/client";
import { statuses, type CircuitKind } from "@talkme/outbox";

/** What is read at a scrape; a part that cannot say it now says null. */
export interface ScrapeSources {
  readonly table: () => Promise<TableReading | null>;
  readonly inFlight: () => number;
  readonly settleBacklog: () => number;
  /** Why each account's circuit is open; null while it is closed. */
  readonly circuits: () => ReadonlyMap<string, CircuitKind | null>;
  readonly listening: () => boolean;
}

/** The state of the table, the same for every instance: dashboards take `max()` of it. */
export interface TableReading {
  readonly rows: ReadonlyMap<string, number>;
  /** Seconds since 1970; null where no due row waits. */
  readonly oldestPendingAtSeconds: number | null;
}

const claimBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const sendBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];
const pickupBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600, 3600];

/** Every metric of the daemon. No label ever holds a phone number, a row's id or free text. */
export class Metrics {
  readonly registry = new Registry();

  readonly sendAttempts = new Counter({
    name: "talkme_send_attempts_total",
    help: "HTTP attempts by what is known of them: accepted, rejected, not_sent or unknown",
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
    help: "From due to request, by the clock of the database",
    buckets: pickupBuckets,
    registers: [this.registry],
  });
  readonly claims = new Counter({
    name: "talkme_claims_total",
    help: "Statements that claimed rows, or tried to",
    registers: [this.registry],
  });
  readonly claimDuration = new Histogram({
    name: "talkme_claim_duration_seconds",
    help: "Duration of the statement that settles and claims",
    buckets: claimBuckets,
    registers: [this.registry],
  });
  readonly databaseErrors = new Counter({
    name: "talkme_database_errors_total",
    help: "Statements that failed",
    registers: [this.registry],
  });
  readonly staleSettlements = new Counter({
    name: "talkme_stale_settlements_total",
    help: "Answers that came after somebody else had decided about their row; they changed nothing",
    registers: [this.registry],
  });
  readonly rescuedRows = new Counter({
    name: "talkme_rescued_rows_total",
    help: "Rows taken from instances that died while they were sending them",
    registers: [this.registry],
  });
  readonly circuitOpenings = new Counter({
    name: "talkme_circuit_openings_total",
    help: "How often this instance opened the circuit of an account, by the reason",
    labelNames: ["account", "kind"],
    registers: [this.registry],
  });
  readonly retentionRows = new Counter({
    name: "talkme_retention_rows_total",
    help: "Rows that this instance blanked or deleted because their time was over",
    labelNames: ["action"],
    registers: [this.registry],
  });
  readonly lastSuccessfulPoll = new Gauge({
    name: "talkme_last_successful_poll_timestamp_seconds",
    help: "When this instance last looked for rows with success, by the clock of the database",
    registers: [this.registry],
  });

  /** Adds what is read at each scrape, and says which version this is. */
  collectFrom(sources: ScrapeSources, accounts: readonly string[], version: string): void {
    const registers = [this.registry];
    const rows: Gauge<"status"> = new Gauge({
      name: "talkme_outbox_rows",
      help: "Rows of the outbox by status",
      labelNames: ["status"],
      registers,
      collect: async () => {
        const reading = await sources.table();
        if (reading === null) rows.reset();
        else for (const status of statuses) rows.set({ status }, reading.rows.get(status) ?? 0);
      },
    });
    const oldest: Gauge = new Gauge({
      name: "talkme_outbox_oldest_pending_timestamp_seconds",
      help: "When the oldest due row that is not sent became due; 0 where none waits",
      registers,
      collect: async () => {
        const reading = await sources.table();
        oldest.set(reading === null ? Number.NaN : (reading.oldestPendingAtSeconds ?? 0));
      },
    });

    const gauge = (name: string, help: string, read: () => number): void => {
      const metric: Gauge = new Gauge({ name, help, registers, collect: () => metric.set(read()) });
    };
    gauge("talkme_sends_in_flight", "Requests on the wire", sources.inFlight);
    gauge("talkme_settle_backlog", "Answers that are not in the database yet", sources.settleBacklog);
    gauge("talkme_listening", "1 while notifications of inserts can arrive", () =>
      Number(sources.listening()),
    );

    const circuit: Gauge<"account"> = new Gauge({
      name: "talkme_circuit_open",
      help: "1 while the account's rows wait because its answers say that sending is of no use or does harm",
      labelNames: ["account"],
      registers,
      collect: () => {
        for (const [account, kind] of sources.circuits()) {
          circuit.set({ account }, Number(kind !== null && kind !== "throttled"));
        }
      },
    });
    const throttled: Gauge<"account"> = new Gauge({
      name: "talkme_account_throttled",
      help: "1 while the account's rows wait because the API answered 429",
      labelNames: ["account"],
      registers,
      collect: () => {
        for (const [account, kind] of sources.circuits())
          throttled.set({ account }, Number(kind === "throttled"));
      },
    });
    new Gauge({
      name: "talkme_build_info",
      help: "The running version",
      labelNames: ["version"],
      registers,
    }).set({ version }, 1);

    for (const action of ["blanked", "deleted"]) this.retentionRows.inc({ action }, 0);
    for (const account of accounts) {
      for (const kind of ["not_found", "authentication", "trouble", "throttled"]) {
        this.circuitOpenings.inc({ account, kind }, 0);
      }
      for (const action of ["simples", "v2"]) {
        this.sendDuration.zero({ account, action });
        for (const outcome of ["accepted", "rejected", "not_sent", "unknown"]) {
          this.sendAttempts.inc({ account, action, outcome }, 0);
        }
      }
    }
  }
}
