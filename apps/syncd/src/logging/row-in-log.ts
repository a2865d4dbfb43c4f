import { blamedFunction, isFromServer, type LoggedRow, type RefusedRow } from "@talkme/outbox/daemon";

import { maskedNumber } from "./masked-number.ts";

/** The fields of every line about a row. */
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

/** The fields of a row whose change the database refused: never the error's message, which may contain data. */
export function aboutRefused({ id, error }: RefusedRow): {
  readonly id: string;
  readonly sql_state: string | null;
  readonly function: string | null;
} {
  return { id, sql_state: isFromServer(error) ? error.code : null, function: blamedFunction(error) };
}
