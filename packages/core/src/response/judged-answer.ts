import type { IncomingHttpHeaders } from "undici/types/header.js";

import type { SuggestedRules } from "./suggest-rules.ts";
import type { Verdict } from "./verdict.ts";

/** An answer and its interpretation for people, without the token. */
export interface JudgedAnswer {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Up to 64 KiB. */
  readonly body: string;
  /** Whether the body was longer. */
  readonly isCut: boolean;
  readonly verdict: Verdict;
  /** Rules that would match, if none did. */
  readonly suggested: SuggestedRules | null;
}

/** Headers as text, each passed through `show`. */
export function headersForPeople(
  headers: IncomingHttpHeaders,
  show: (text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, show([value ?? ""].flat().join(", "))]),
  );
}
