import type { OnUnknown } from "../../src/index.ts";
import type { Daemon } from "./model.ts";
import type { RepairName } from "./person.ts";
import type { TurnPlan } from "./turn-plan.ts";

/** Something that happens to the table, as the generator makes it: plain data, which a counterexample can show. */
export type Step =
  | {
      readonly do: "insert";
      readonly count: number;
      readonly campaign: number;
      readonly priority: number;
      readonly sendInMinutes: number;
      /** Negative: it is overdue already, which no insert may say; a postponed row or a restored one can be. */
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
      /** Of all claims ever made; of the same row it may know an earlier one. */
      readonly knows: "all" | "all but the last" | "none";
      /** The turns whose answers never came. */
      readonly lost: "all turns" | "the last turn" | "none";
      /** It reaches the server late: it was made before the last turn. */
      readonly late: boolean;
    }
  | { readonly do: "expire overdue"; readonly limit: number }
  | { readonly do: "repair"; readonly repair: RepairName; readonly row: number }
  | { readonly do: "time passes"; readonly minutes: number };
