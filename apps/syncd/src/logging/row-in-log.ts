import { blamedFunction, isFromServer, type LoggedRow, type RefusedRow } from "@talkme/outbox/daemon";

import { maskedNumber } from "./masked-number.ts";

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

/** What a line says of a row that the database keeps as it is: never the error's own words, which may hold data. */
export function aboutRefused({ id, error }: RefusedRow): {
  readonly id: string;
  readonly sql_state: string | null;
  readonly function: string | null;
} {
  return { id, sql_state: isFromServer(error) ? error.code : null, function: blamedFunction(error) };
}
