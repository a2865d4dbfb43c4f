import type { CampaignOptions, FaultRule } from "@talkme/simulator";

/** The campaigns of the simulated account. */
export const campaigns: readonly CampaignOptions[] = [
  { idCampanha: 101, requiredVariables: ["nome", "geral1"] },
  { idCampanha: 102 },
  { idCampanha: 103, requiredVariables: ["nome"] },
  { idCampanha: 104, requiredVariables: ["nome"] },
];

/** The faults by campaign, so that they also apply to rows inserted by hand with `--serve`. */
export const faults: readonly FaultRule[] = [
  {
    name: "busy at first",
    match: { idCampanha: 103, firstPerRecipient: 1 },
    do: { kind: "status", status: 503, retryAfterSeconds: 1 },
  },
  { name: "lost answer", match: { idCampanha: 104 }, do: { kind: "drop", when: "after" } },
  { name: "no such campaign", match: { idCampanha: 999 }, do: { kind: "failure", shape: "json-error" } },
];

/** The same for people who try them. */
export const campaignNotes: readonly (readonly [campaign: string, note: string])[] = [
  ["101", "needs the variables nome and geral1"],
  ["102", "needs no variables"],
  ["103", "needs nome; answers 503 to a number's first request"],
  ["104", "needs nome; accepts the message, but its answer is lost"],
  ["others", "do not exist"],
];
