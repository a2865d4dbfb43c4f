import type { OnUnknown } from "../../src/index.ts";
import type { Daemon } from "./model.ts";
import type { RepairName } from "./person.ts";
import type { TurnPlan } from "./turn-plan.ts";

/** A generated event: plain data, which a counterexample can show. */
export type Step =
  | {
      readonly do: "insert";
      readonly count: number;
      readonly campaign: number;
      readonly priority: number;
      readonly sendInMinutes: number;
      /** Negative: already overdue, which no insert may be, but a postponed or restored row can. */
      readonly expiresInMinutes: number | null;
      readonly maxAttempts: number | null;
      readonly onUnknown: OnUnknown | null;
    }
  | ({ readonly do: "turn" } & TurnPlan)
  | { readonly do: "heartbeat"; readonly daemon: Daemon }
  | { readonly do: "come back"; readonly daemon: Daemon }
  | { readonly do: "unregister"; readonly daemon: Daemon }
  | {
      readonly do: "rescue";
      readonly onUnknown: OnUnknown;
      readonly maxAttempts: number;
      readonly locked: number | null;
    }
  | {
      readonly do: "reclaim";
      readonly daemon: Daemon;
      /** Any claim ever made; the instance may know an earlier one of the same row. */
      readonly knows: "all" | "all but the last" | "none";
      /** Turns whose answers never came. */
      readonly lost: "all turns" | "the last turn" | "none";
      /** It was sent before the last turn and reaches the server late. */
      readonly late: boolean;
    }
  | { readonly do: "expire overdue"; readonly limit: number }
  | { readonly do: "repair"; readonly repair: RepairName; readonly row: number }
  | { readonly do: "time passes"; readonly minutes: number };
