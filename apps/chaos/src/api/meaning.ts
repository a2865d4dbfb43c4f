/**
 * What a client may conclude from an answer alone.
 *
 * - `accepted`, `refused`: it is decided.
 * - `not sent`: nobody got it, and it may be sent again.
 * - `ambiguous`: it may have been sent; whether it was, only the ledger knows.
 */
export type Meaning = "accepted" | "refused" | "not sent" | "ambiguous";
