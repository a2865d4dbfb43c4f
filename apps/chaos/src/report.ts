import type { Status } from "@talkme/outbox";

import type { Explanation } from "./audit/explain-unknown.ts";
import type { Violation } from "./audit/violation.ts";

/** A violation with everything known about its row. */
export interface ToldViolation extends Violation {
  readonly story: readonly string[];
}

/** The result of a run, as printed and as JSON. */
export interface ChaosReport {
  readonly seed: number;
  readonly seconds: number;
  readonly instances: number;
  readonly producers: {
    /** The program that they inserted with. */
    readonly program: string;
    readonly committed: number;
    readonly absent: number;
    readonly uncertain: number;
    readonly uncertainFound: number;
    /** Of the committed: deleted or truncated by a person. */
    readonly removed: number;
  };
  readonly rows: Readonly<Record<Status, number>>;
  readonly unknown: Readonly<Partial<Record<Explanation, number>>>;
  readonly unknownAccepted: number;
  readonly api: {
    readonly requests: number;
    readonly accepted: number;
    readonly ambiguous: number;
    readonly answers: Readonly<Record<string, number>>;
  };
  /** Rows whose story was followed in the model of docs/model.md, and how many of these stories differ. */
  readonly model: { readonly rows: number; readonly stories: number; readonly undecided: number };
  readonly disturbances: Readonly<Record<string, number>>;
  readonly processes: {
    readonly started: number;
    readonly cleanStops: number;
    readonly declaredDead: number;
    readonly mostSending: number;
    readonly samples: number;
  };
  readonly drainMs: number;
  readonly violations: readonly ToldViolation[];
}
