import type { FaultRule } from "@talkme/simulator";

import { answerFaults } from "./answer-faults.ts";
import type { Meaning } from "./meaning.ts";

/** Every message of this campaign is refused, in every run. */
export const refusedCampaign = 900;
const refusedCampaignRule: FaultRule = {
  name: "refused campaign",
  match: { idCampanha: refusedCampaign },
  do: { kind: "failure", shape: "json-error" },
};

/** Latency, so that some requests are on the wire at any time; a few take long. */
const latencies: readonly FaultRule[] = [
  { do: { kind: "latency", ms: 10, jitterMs: 90 } },
  { match: { probability: 0.02 }, do: { kind: "latency", ms: 150, jitterMs: 300 } },
];

/** The simulator's rules during the faults. */
export const stormyRules: readonly FaultRule[] = [
  ...latencies,
  refusedCampaignRule,
  ...answerFaults.map(({ name, probability, fault }): FaultRule => ({
    name,
    match: { probability },
    do: fault,
  })),
];

/** The simulator's rules after the faults. */
export const calmRules: readonly FaultRule[] = [...latencies, refusedCampaignRule];

/** What a client may conclude from an answer, by the simulator's name for it. */
export function meaningOf(answered: string): Meaning {
  if (answered === "protocol") return "accepted";
  const known = answerFaults.find(({ name }) => name === answered);
  if (known !== undefined) return known.meaning;
  // A locked token gives 403; all other refusals concern the message.
  return answered === "refused:token-locked" ? "not sent" : "refused";
}
