import { defaultIdCliente, defaultToken, type Account } from "../api/accounts.ts";
import type { CampaignOptions } from "../api/campaigns.ts";
import type { SuccessShape } from "../api/success-shape.ts";
import type { FaultRule } from "../faults/fault-rule.ts";
import type { AnsweredRequest } from "./answered-request.ts";

export interface SimulatorOptions {
  /** In a container `0.0.0.0`. @default "127.0.0.1" */
  readonly host?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** @default one, {@link defaultIdCliente} and {@link defaultToken} */
  readonly accounts?: readonly Account[];
  /** @default none */
  readonly faults?: readonly FaultRule[];
  /** The seed of probabilities, jitter and garbage: a 32-bit integer. @default 1 */
  readonly seed?: number;
  /** The campaigns that exist. @default none, and then every `id_campanha` does */
  readonly campaigns?: readonly CampaignOptions[];
  /** Consecutive 404s that lock a token; 0 = never. @default 3 */
  readonly lockAfterConsecutiveNotFound?: number;
  /** False: count accepted messages without keeping them, for benchmarks. @default true */
  readonly keepLedger?: boolean;
  /** The answer to an accepted message without a fault. @default "protocol" */
  readonly successShape?: SuccessShape;
  /** How long a kept-alive socket may idle before it is closed, without notice to the client. @default Node's own */
  readonly idleSocketTimeoutMs?: number;
  /** Called once for each request outside the admin API, after its decision and before its answer. */
  readonly onRequest?: (request: AnsweredRequest) => void;
}

export const defaultSimulatorOptions = {
  host: "127.0.0.1",
  port: 0,
  accounts: [{ idCliente: defaultIdCliente, token: defaultToken }],
  faults: [],
  seed: 1,
  campaigns: [],
  lockAfterConsecutiveNotFound: 3,
  keepLedger: true,
  successShape: "protocol",
} as const satisfies SimulatorOptions;
