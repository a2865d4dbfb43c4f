/** What became of a statement, for whoever has to say it to a person. */
export type DatabaseFault =
  /** One of the functions of the schema says no, in a sentence for people. */
  | { readonly kind: "refused"; readonly message: string; readonly hint: string | null }
  | { readonly kind: "not allowed" }
  | { readonly kind: "too slow" }
  | { readonly kind: "locked" }
  | { readonly kind: "away" };

/** SQLSTATEs of the refusals that the functions of the schema raise. */
const refusals = new Set(["55000", "22023", "P0002", "42704"]);

/** Null for a defect of ours. */
export function databaseFault(error: unknown): DatabaseFault | null {
  if (!(error instanceof Error)) return null;
  const code = "code" in error ? String(error.code) : "";
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : null;
  if (refusals.has(code) || (/^(?:42501|23514|23505)$/.test(code) && hint !== null))
    return { kind: "refused", message: error.message, hint };
  if (code === "42501" || code === "25006") return { kind: "not allowed" };
  if (code === "57014") return { kind: "too slow" };
  if (code === "55P03" || code === "40P01") return { kind: "locked" };
  const isAway =
    /^(?:08|57P|53|28)/.test(code) || /^(?:E[A-Z]+)$/.test(code) || /timeout|terminated/i.test(error.message);
  return isAway ? { kind: "away" } : null;
}
