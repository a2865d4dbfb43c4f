import type { LoggedRow } from "@talkme/outbox/daemon";

import { maskedNumber } from "../policy/masked-number.ts";

/** What every line about a row says of it. */
export function aboutRow(row: LoggedRow): {
  readonly id: string;
  readonly account: string;
  readonly to: string | null;
  readonly attempt: number;
} {
  return {
    id: row.id,
    account: row.account,
    to: row.numeroDest === null ? null : maskedNumber(row.numeroDest),
    attempt: row.attempts,
  };
}
