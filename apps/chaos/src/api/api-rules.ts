import type { FaultRule } from "@talkme/simulator";

import { answerFaults } from "./answer-faults.ts";
import type { Meaning } from "./meaning.ts";

/** Every message of this campaign is refused, in every run and to its end. */
export const refusedCampaign = 900;
const refusedCampaignRule: FaultRule = {
  name: "refused campaign",
  match: { idCampanha: refusedCampaign },
  do: { kind: "failure", shape: "json-error" },
};

/** Requests take some time, so that some are on the wire whenever something happens; a few take long. */
const latencies: readonly FaultRule[] = [
  { do: { kind: "latency", ms: 10, jitterMs: 90 } },
  { match: { probability: 0.02 }, do: { kind: "latency", ms: 150, jitterMs: 300 } },
];

/** The simulator's rules while everything goes wrong. */
export const stormyRules: readonly FaultRule[] = [
  ...latencies,
  refusedCampaignRule,
  ...answerFaults.map(({ name, probability, fault }): FaultRule => ({
    name,
    match: { probability },
    do: fault,
  })),
];

/** The simulator's rules once the faults have stopped. */
export const calmRules: readonly FaultRule[] = [...latencies, refusedCampaignRule];

/** What a client may conclude from what the simulator calls its answer. */
export function meaningOf(answered: string): Meaning {
  if (answered === "protocol") return "accepted";
  const known = answerFaults.find(({ name }) => name === answered);
  if (known !== undefined) return known.meaning;
  // A locked token says 403; whatever else the script refuses is about the message.
  return answered === "refused:token-locked" ? "not sent" : "refused";
}
