/** A stand-in for api.talk.me. What is not named here is not reachable. */
export { defaultIdCliente, defaultToken, type Account } from "./api/accounts.ts";
export type { CampaignOptions } from "./api/campaigns.ts";
export type { FailureShape } from "./api/failure-shape.ts";
export { refusalCatalogue } from "./api/refusal-catalogue.ts";
export { successShapes, type SuccessShape } from "./api/success-shape.ts";
export type { Fault } from "./faults/fault.ts";
export type { FaultRule } from "./faults/fault-rule.ts";
export { FaultRulesError } from "./faults/parse-fault-rules.ts";
export type { LedgerEntry } from "./ledger/ledger-entry.ts";
export { LedgerNotKeptError, type Ledger } from "./ledger/ledger.ts";
export type { Statistics } from "./ledger/statistics.ts";
export type { AnsweredRequest } from "./server/answered-request.ts";
export { startSimulator, type Simulator } from "./server/simulator.ts";
export type { SimulatorOptions } from "./server/simulator-options.ts";
