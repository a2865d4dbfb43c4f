import type { Status } from "@talkme/outbox";

/** A row of the demonstration. */
export interface Sample {
  /** What the row shows, in a few words. */
  readonly title: string;
  /** The background, shown before the insert. */
  readonly story: string;
  /** As a person would type it. Each sample has its own recipient, by which the ledger finds it. */
  readonly sql: string;
  readonly numeroDest: string;
  readonly expected: {
    readonly status: Status;
    readonly attempts: number;
    readonly errorCode: string | null;
    /** The number of requests that the API gets for it. */
    readonly requests: number;
  };
}

/** An insert that leaves no row behind: PostgreSQL answers it by itself. */
export interface RefusedInsert {
  readonly title: string;
  readonly story: string;
  readonly sql: string;
  readonly expected:
    | { readonly kind: "error"; readonly constraint: string }
    /** `on conflict do nothing` has done nothing. */
    | { readonly kind: "skipped" };
}
