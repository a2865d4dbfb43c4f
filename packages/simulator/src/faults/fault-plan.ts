import type { RequestFacts } from "../api/request-facts.ts";
import { faultName, type AnsweringFault } from "./fault.ts";
import type { ResolvedFaultRule } from "./fault-rule.ts";
import { RuleMatcher } from "./rule-matcher.ts";

/** The rules' effect on one request. */
export interface Strike {
  readonly latencyMs: number;
  /** Null: the ordinary answer. */
  readonly answer: { readonly fault: AnsweringFault; readonly name: string } | null;
}

interface PlannedRule {
  readonly rule: ResolvedFaultRule;
  readonly matcher: RuleMatcher;
}

/** No fault. */
export const noStrike: Strike = { latencyMs: 0, answer: null };

/** The rules in force, with their counts. */
export class FaultPlan {
  readonly #rules: readonly ResolvedFaultRule[];
  readonly #unread: readonly PlannedRule[];
  readonly #read: readonly PlannedRule[];

  constructor(rules: readonly ResolvedFaultRule[], seed: number) {
    const planned = rules.map((rule, position) => {
      const hasJitter = rule.do.kind === "latency" && rule.do.jitterMs > 0;
      return { rule, matcher: new RuleMatcher(rule.match, seed, position, hasJitter) };
    });
    this.#rules = rules;
    this.#unread = planned.filter(({ rule }) => isUnread(rule));
    this.#read = planned.filter(({ rule }) => !isUnread(rule));
  }

  /** The same rules with all their counts at zero. */
  restarted(seed: number): FaultPlan {
    return new FaultPlan(this.#rules, seed);
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  get mayDropUnread(): boolean {
    return this.#unread.length > 0;
  }

  /** For a request whose headers have come: the name of the rule that drops it, or null. */
  dropUnread(facts: RequestFacts, ordinal: number): string | null {
    const struck = this.#unread.find(({ matcher }) => matcher.strike(facts, ordinal) !== null);
    return struck === undefined ? null : ruleName(struck.rule);
  }

  /** For a request that has been read. Counts it: call once for each request. */
  strike(facts: RequestFacts, ordinal: number): Strike {
    if (this.#read.length === 0) return noStrike;
    let latencyMs = 0;
    for (const { rule, matcher } of this.#read) {
      const chance = matcher.strike(facts, ordinal);
      if (chance === null) continue;
      const fault = rule.do;
      if (fault.kind !== "latency") return { latencyMs, answer: { fault, name: ruleName(rule) } };
      latencyMs += fault.ms + Math.round(chance * fault.jitterMs);
    }
    return { latencyMs, answer: null };
  }
}

function ruleName(rule: ResolvedFaultRule): string {
  return rule.name ?? faultName(rule.do);
}

function isUnread({ do: fault }: ResolvedFaultRule): boolean {
  return fault.kind === "drop" && fault.when === "unread";
}
