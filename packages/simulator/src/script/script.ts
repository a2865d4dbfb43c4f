import type { Accounts } from "../api/accounts.ts";
import { queryParameter, type ApiRequest } from "../api/api-request.ts";
import type { Campaigns } from "../api/campaigns.ts";
import { Lockout } from "../api/lockout.ts";
import type { Message } from "../api/message.ts";
import { readMessage } from "../api/read-message.ts";
import { Refusal } from "../api/refusal.ts";
import { refusalReply, saysNotFound, textReply, type Reply } from "../api/reply.ts";
import { requestFacts } from "../api/request-facts.ts";
import { referenceOf, successReply, type SuccessShape } from "../api/success-shape.ts";
import { strikesBefore, type AnsweringFault } from "../faults/fault.ts";
import { FaultPlan, noStrike, type Strike } from "../faults/fault-plan.ts";
import type { ResolvedFaultRule } from "../faults/fault-rule.ts";
import { RecordedLedger } from "../ledger/ledger.ts";
import type { Statistics } from "../ledger/statistics.ts";
import type { Decision } from "./decision.ts";
import { replyOf, type Delivery } from "./delivery.ts";
import { faultDelivery } from "./fault-delivery.ts";

export interface ScriptOptions {
  readonly accounts: Accounts;
  readonly campaigns: Campaigns;
  readonly faults: readonly ResolvedFaultRule[];
  readonly seed: number;
  readonly lockAfterConsecutiveNotFound: number;
  readonly keepLedger: boolean;
  readonly successShape: SuccessShape;
}

/**
 * `dbdial_webapi.php` without the network: decides the fate of each request.
 *
 * A decision is one synchronous step, so concurrent requests are decided one by one: the lockout strikes exactly at its
 * limit, and a message is in the ledger before a byte of its answer leaves.
 */
export class Script {
  readonly ledger: RecordedLedger;
  readonly #options: ScriptOptions;
  readonly #lockout: Lockout;
  #plan: FaultPlan;
  #requests = 0;
  /** How many answers faults have decided. */
  #struck = 0;
  readonly #byAnswer = new Map<string, number>();

  constructor(options: ScriptOptions) {
    this.#options = options;
    this.ledger = new RecordedLedger(options.keepLedger);
    this.#lockout = new Lockout(options.lockAfterConsecutiveNotFound);
    this.#plan = new FaultPlan(options.faults, options.seed);
  }

  get requests(): number {
    return this.#requests;
  }

  statistics(): Statistics {
    const { ledger } = this;
    return {
      requests: this.#requests,
      accepted: ledger.size,
      distinctNumbers: ledger.isKept ? ledger.distinctNumbers() : null,
      duplicates: ledger.isKept
        ? ledger.duplicates().reduce((surplus, group) => surplus + group.length - 1, 0)
        : null,
      byAnswer: Object.fromEntries(this.#byAnswer),
      lockedAccounts: this.#lockout.locked(),
    };
  }

  setFaults(rules: readonly ResolvedFaultRule[]): void {
    this.#plan = new FaultPlan(rules, this.#options.seed);
  }

  reset(): void {
    this.ledger.clear();
    this.#lockout.unlockAll();
    this.#plan = this.#plan.restarted(this.#options.seed);
    this.#requests = 0;
    this.#byAnswer.clear();
  }

  unlock(): void {
    this.#lockout.unlockAll();
  }

  /** Counts a request whose headers have come, and returns its number. */
  receive(): number {
    return ++this.#requests;
  }

  /** Whether to call {@link dropUnread}, which costs more than most requests. */
  get mayDropUnread(): boolean {
    return this.#plan.mayDropUnread;
  }

  /** The decision to drop a request before its body is read, or null. */
  dropUnread(request: ApiRequest, ordinal: number): Decision | null {
    const name = this.#plan.dropUnread(requestFacts(request), ordinal);
    if (name === null) return null;
    return this.#counted({
      answered: name,
      accepted: false,
      reason: null,
      latencyMs: 0,
      delivery: { kind: "drop" },
    });
  }

  /** The decision for a request that never reached the script. */
  refuse(refusal: Refusal): Decision {
    return this.#counted(refused(refusal, 0));
  }

  /** Decides a completely read request. */
  decide(request: ApiRequest, ordinal: number): Decision {
    const account = this.#options.accounts.authenticate(request);
    if (account instanceof Refusal) return this.#counted(this.#answer(request, ordinal, account));
    if (this.#lockout.isLocked(account)) {
      return this.refuse(
        new Refusal("token-locked", "too many consecutive 404s; unlock or reset the simulator"),
      );
    }
    const decision = this.#answer(request, ordinal, account);
    this.#countTowardsLock(account, decision);
    return this.#counted(decision);
  }

  /** @param account Or why there is none; a fault before acceptance needs no credentials. */
  #answer(request: ApiRequest, ordinal: number, account: string | Refusal): Decision {
    const { latencyMs, answer } = this.#plan.isEmpty
      ? noStrike
      : this.#plan.strike(requestFacts(request), ordinal);
    if (answer !== null && strikesBefore(answer.fault)) {
      const delivery = this.#faultDelivery(answer.fault, request, textReply(502, "Bad Gateway"));
      return { answered: answer.name, accepted: false, reason: null, latencyMs, delivery };
    }
    try {
      if (account instanceof Refusal) throw account;
      const message = readMessage(request, account, this.#options.campaigns);
      return this.#accepted(message, request, latencyMs, answer);
    } catch (error) {
      if (error instanceof Refusal) return refused(error, latencyMs);
      throw error;
    }
  }

  #accepted(message: Message, request: ApiRequest, latencyMs: number, answer: Strike["answer"]): Decision {
    const { ledger } = this;
    const shape = answer?.fault.kind === "success" ? answer.fault.shape : this.#options.successShape;
    const answered = answer?.name ?? shape;
    const reference = referenceOf(ledger.size + 1, shape);
    ledger.accept(message, reference, answered);
    const reply = successReply(shape, message, reference, request.rawQuery);
    const delivery: Delivery =
      answer === null ? { kind: "whole", reply } : this.#faultDelivery(answer.fault, request, reply);
    return { answered, accepted: true, reason: null, latencyMs, delivery };
  }

  #faultDelivery(fault: AnsweringFault, request: ApiRequest, ordinaryReply: Reply): Delivery {
    return faultDelivery(fault, {
      acao: queryParameter(request.query, "acao") ?? "",
      rawQuery: request.rawQuery,
      ordinaryReply,
      seed: this.#options.seed,
      nth: this.#struck++,
    });
  }

  #countTowardsLock(account: string, decision: Decision): void {
    const reply = replyOf(decision.delivery);
    if (reply !== null && saysNotFound(reply)) this.#lockout.countNotFound(account);
    else if (reply !== null || decision.accepted) this.#lockout.endRun(account);
  }

  #counted(decision: Decision): Decision {
    this.#byAnswer.set(decision.answered, (this.#byAnswer.get(decision.answered) ?? 0) + 1);
    return decision;
  }
}

function refused(refusal: Refusal, latencyMs: number): Decision {
  return {
    answered: `refused:${refusal.code}`,
    accepted: false,
    reason: refusal.message,
    latencyMs,
    delivery: { kind: "whole", reply: refusalReply(refusal.code) },
  };
}
