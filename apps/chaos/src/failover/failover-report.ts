import type { Status } from "@talkme/outbox";

import type { ToldViolation } from "../report.ts";
import type { FailoverFigures } from "./failover-audit.ts";
import type { Durability } from "./failover-stage.ts";
import type { Silence } from "./silences.ts";

/** What stands between syncd and the cluster. */
export type Entrance = "hosts" | "pgbouncer";

/** The result of a run, as printed and as JSON. */
export interface FailoverReport extends FailoverFigures {
  readonly seed: number;
  readonly seconds: number;
  readonly instances: number;
  readonly durability: Durability;
  readonly entrance: Entrance;
  readonly producers: {
    readonly confirmed: number;
    readonly unconfirmed: number;
    readonly uncertain: number;
  };
  readonly rows: Readonly<Record<Status, number>>;
  readonly api: { readonly requests: number; readonly accepted: number };
  /** By kind. */
  readonly silences: Readonly<Record<string, Silence>>;
  /** How often another node was the leader afterwards. */
  readonly failovers: number;
  readonly held: {
    /** Failovers that a person acknowledged. */
    readonly acknowledged: number;
    readonly shown: number;
    /** Of the shown: sent before, and waiting again. */
    readonly spared: number;
  };
  /** By what syncd itself acknowledged. */
  readonly acknowledgedByItself: number;
  readonly drainMs: number;
  readonly violations: readonly ToldViolation[];
}
