import type { CircuitKind } from "@talkme/outbox";

import { slowdownAt } from "../policy/circuit.ts";
import { reasons } from "./circuit-reasons.ts";
import type { Circuits } from "./circuits.ts";
import type { LaneAnswers } from "./lane-answers.ts";

/** How many quiet lanes are named; the others are counted. */
const namedLanes = 20;

/** The answer to `/readyz?verbose`. */
export interface AdmissionReport {
  readonly circuits: readonly CircuitReport[];
  /** Account, campaign and channel whose rows wait because the API does not find them or does not answer. */
  readonly quiet_lanes: readonly { readonly lane: string; readonly wait_seconds: number }[];
  /** How many more than these there are. */
  readonly more_quiet_lanes: number;
}

interface CircuitReport {
  readonly account: string;
  readonly state: "closed" | "open" | "half_open";
  readonly kind?: CircuitKind;
  readonly reason?: string;
  readonly wait_seconds?: number;
  /** How many times its rate is halved, after 429. */
  readonly rate_halved: number;
}

/** What waits, and why, for people. */
export function reportAdmission(
  accounts: Iterable<string>,
  circuits: Circuits,
  lanes: LaneAnswers,
  nowMs: number,
): AdmissionReport {
  const quiet = lanes.quiet(nowMs);
  return {
    circuits: [...accounts].map((account) => reportCircuit(account, circuits, nowMs)),
    quiet_lanes: quiet
      .slice(0, namedLanes)
      .map(({ lane, waitMs }) => ({ lane, wait_seconds: Math.round(waitMs / 1000) })),
    more_quiet_lanes: Math.max(0, quiet.length - namedLanes),
  };
}

function reportCircuit(account: string, circuits: Circuits, nowMs: number): CircuitReport {
  const circuit = circuits.of(account);
  const rateHalved = slowdownAt(circuit, nowMs);
  const open = circuit.open ?? circuits.ofToken(account)?.open ?? null;
  if (open === null) return { account, state: "closed", rate_halved: rateHalved };
  const { kind, halfOpenAtMs } = open;
  return {
    account,
    state: halfOpenAtMs > nowMs ? "open" : "half_open",
    kind,
    reason: reasons[kind].replace("NAME", account),
    wait_seconds: Math.max(0, Math.round((halfOpenAtMs - nowMs) / 1000)),
    rate_halved: rateHalved,
  };
}
