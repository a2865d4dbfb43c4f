import { setImmediate } from "node:timers/promises";

import { TalkmeError, type CallOptions, type TalkmeClient } from "@talkme/core";
import { claimKey, type ClaimedRow } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Settings } from "../config/settings.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { decide, type OutcomePolicy, type SendResult } from "../policy/outcome.ts";
import { RowTrace } from "./row-trace.ts";
import type { Account } from "../accounts/account.ts";
import type { Admission } from "../admission/admission.ts";
import { aboutRow } from "../logging/row-in-log.ts";
import { messageOf } from "./row-message.ts";
import type { ClaimMemory } from "./claim-memory.ts";
import type { PendingSettlement, UnsettledAnswers } from "./unsettled-answers.ts";
import type { Wakeup } from "./wakeup.ts";

export interface DispatcherParts {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly admission: Admission;
  readonly settings: Pick<
    Settings,
    "concurrency" | "leaseSeconds" | "maxAttempts" | "onUnknown" | "backoffBaseMs" | "backoffMaxMs"
  >;
  readonly unsettled: UnsettledAnswers;
  readonly memory: ClaimMemory;
  readonly wakeup: Wakeup;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What is known of a row's claim, beyond the row. */
export interface ClaimContext {
  /** The instance, as in `claimed_by`. */
  readonly by: string;
  /** In which it was claimed: {@link Instance.eraOf}. */
  readonly era: string | null;
  /** Whether the row tries its account or lane. */
  readonly trial: boolean;
  /** When the claim was asked for: the row's time runs from then on. */
  readonly askedAtMs: number;
  /**
   * Whether it brought as many rows as it asked for. Then there are probably more, and the statement for these goes first, so
   * that the database works while the requests are written. A row that came alone is sent before anything else.
   */
  readonly claimWasFull: boolean;
}

/** An answer to a claim that is older than this share of the lease is taken to be too late. */
const trustedShareOfLease = 2 / 3;

/** Sends claimed rows, each at once, and hands the decision about each to the unsettled answers. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  /** Claims and their lanes. */
  readonly #inFlight = new Map<string, string>();
  readonly #policy: OutcomePolicy;
  /** For how long the answer to a claim is trusted. */
  readonly #trustedMs: number;
  #concurrency: number;
  readonly #abort = new AbortController();
  /** One for all rows of a claim: see `#afterTheStatement`. */
  #soon: Promise<void> | null = null;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    const { concurrency, leaseSeconds, maxAttempts, onUnknown, backoffBaseMs, backoffMaxMs } = parts.settings;
    this.#concurrency = concurrency;
    // A process that was paused may find that others have decided about its rows.
    this.#trustedMs = leaseSeconds * 1000 * trustedShareOfLease;
    this.#policy = { maxAttempts, onUnknown, backoff: { baseMs: backoffBaseMs, maxMs: backoffMaxMs } };
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  get concurrency(): number {
    return this.#concurrency;
  }

  /** Where more are on the wire none is given up: their slots are not filled again. */
  set concurrency(requests: number) {
    this.#concurrency = requests;
    this.#parts.wakeup.wake();
  }

  /** The claims that are on the wire. */
  get claims(): readonly string[] {
    return [...this.#inFlight.keys()];
  }

  /** Those of a lane. */
  inFlightOf(lane: string): number {
    return [...this.#inFlight.values()].filter((one) => one === lane).length;
  }

  get freeSlots(): number {
    return this.#concurrency - this.#inFlight.size;
  }

  /** Sends a row. Whatever happens becomes a settlement. */
  dispatch(row: ClaimedRow, claim: ClaimContext): void {
    const { trial, askedAtMs } = claim;
    const account = this.#parts.accounts.get(row.account);
    // The planner asks only for accounts that are configured.
    if (account === undefined) throw new Error(`No account ${row.account} is configured.`);
    const nowMs = performance.now();
    const startBeforeMs = askedAtMs + Math.min(row.expiresInMs ?? this.#trustedMs, this.#trustedMs);
    if (startBeforeMs <= nowMs) {
      this.#giveBack(row, claim, {
        errorCode: "claim_late",
        error: "It was claimed in time, but syncd heard of it too late to send it.",
      });
      return;
    }
    if (!this.#parts.admission.admits(account, row.lane, trial, nowMs)) {
      const error = `It was not sent: the circuit of the account ${account.name} opened. It is sent when that closes.`;
      this.#giveBack(row, claim, { errorCode: "circuit_open", error });
      return;
    }
    this.#inFlight.set(claimKey(row), row.lane);
    this.#parts.memory.claimed(row, claim.by, claim.era, nowMs);
    if (this.#parts.log.isLevelEnabled("debug")) {
      this.#parts.log.debug({ ...aboutRow(row), waited_ms: Math.round(row.waitedMs) }, "claimed");
    }
    this.#parts.admission.started(account, row.lane, trial, nowMs);
    void this.#send(row, account, claim, startBeforeMs);
  }

  /** Gives up on the requests that are on the wire: their rows become `unknown`, or `pending` if none had left. */
  abort(): void {
    this.#abort.abort();
  }

  async #afterTheStatement(): Promise<void> {
    this.#soon ??= setImmediate();
    await this.#soon;
    this.#soon = null;
  }

  /** The row must not be sent now after all: it becomes pending again and loses no attempt. */
  #giveBack(
    row: ClaimedRow,
    { by: claimedBy, era }: ClaimContext,
    why: { readonly errorCode: string; readonly error: string },
  ): void {
    this.#parts.log.warn(
      { ...aboutRow(row), outcome: null, status: "pending", code: why.errorCode },
      "not sent",
    );
    this.#parts.unsettled.add({
      id: row.id,
      claim: row.claim,
      fence: row.fence,
      seal: row.seal,
      lane: row.lane,
      claimedBy,
      era,
      status: "pending",
      retryInMs: 0,
      refundAttempt: true,
      httpStatus: null,
      reference: null,
      response: null,
      ...why,
      attempt: null,
    });
    this.#parts.wakeup.wake();
  }

  async #send(
    row: ClaimedRow,
    account: Account,
    { by: claimedBy, era, trial, askedAtMs, claimWasFull }: ClaimContext,
    startBeforeMs: number,
  ): Promise<void> {
    const { admission, metrics, unsettled, memory, wakeup, log } = this.#parts;
    const rowTrace = new RowTrace(row, askedAtMs);
    if (claimWasFull) await this.#afterTheStatement();
    metrics.pickupDuration.observe(Math.max(0, row.waitedMs) / 1000);
    const startedAtMs = performance.now();
    const startWithinMs = Math.max(0, startBeforeMs - startedAtMs);
    rowTrace.sending();
    const { client } = account;
    const result = await attempt(row, client, {
      signal: this.#abort.signal,
      startWithinMs,
      recipient: row.recipient ?? "",
    });
    const endedAtMs = performance.now();
    const durationMs = Math.round(endedAtMs - startedAtMs);
    const { settlement, request, signal, retryAfterMs } = decide(row, result, this.#policy, Math.random);

    if (result.kind === "defect") {
      const { name, stack } = result.error instanceof Error ? result.error : new Error("A value was thrown.");
      log.error(
        { id: row.id, defect: name, stack: stack?.split("\n").slice(1, 6) },
        "a row hit a defect of syncd",
      );
    }
    const outcome = {
      outcome: request?.outcome ?? null,
      status: settlement.status,
      code: settlement.errorCode,
    };
    rowTrace.answered({ ...outcome, httpStatus: settlement.httpStatus });
    const answer: PendingSettlement = {
      ...settlement,
      id: row.id,
      claim: row.claim,
      fence: row.fence,
      seal: row.seal,
      lane: row.lane,
      claimedBy,
      era,
      attempt: request && { account: account.name, ...request, startedAtMs, durationMs },
      onSettled: () => rowTrace.settled(),
    };
    memory.answered(answer);
    unsettled.add(answer);
    this.#inFlight.delete(claimKey(row));
    const isOurToken = account.client === client;
    const answeredInMs = settlement.httpStatus === null ? null : durationMs;
    admission.finished(
      {
        account,
        lane: row.lane,
        trial,
        by: claimedBy,
        signal,
        retryAfterMs,
        startedAtMs,
        answeredInMs,
        isOurToken,
        // A defect may have come after the request.
        requested: request !== null || result.kind === "defect",
      },
      endedAtMs,
    );
    if (request !== null) {
      metrics.sendAttempts.inc({ account: account.name, ...request });
      metrics.sendDuration.observe({ account: account.name, action: request.action }, durationMs / 1000);
    }
    const line = {
      ...aboutRow(row),
      ...outcome,
      http_status: settlement.httpStatus,
      duration_ms: durationMs,
      ...(rowTrace.traceId !== null && { trace_id: rowTrace.traceId }),
    };
    if (settlement.status === "sent") log.info(line, "sent");
    else log.warn(line, isDoubtful(settlement.status, outcome.outcome) ? "may have been sent" : "not sent");
    wakeup.wake();
  }
}

/** A row that is sent again at once is pending, and may have been sent all the same. */
function isDoubtful(status: PendingSettlement["status"], outcome: string | null): boolean {
  return status === "unknown" || outcome === "unknown";
}

async function attempt(row: ClaimedRow, client: TalkmeClient, options: CallOptions): Promise<SendResult> {
  try {
    return { kind: "accepted", answer: await client.send(messageOf(row), options) };
  } catch (error) {
    return error instanceof TalkmeError ? { kind: "error", error } : { kind: "defect", error };
  }
}
