import type { ValidMessage } from "../message/message.ts";
import type { WireFormat } from "./wire-format.ts";
import { wireNames } from "./wire-names.ts";
import { wireNumber } from "./wire-number.ts";

/** A message as the query of method 1, without account and `acao`; begins with `&`. */
export function encodeSimples(message: ValidMessage, format: WireFormat): string {
  let query = "";
  const add = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== "") query += `&${name}=${encodeURIComponent(value)}`;
  };
  add(wireNames.numDest, message.numeroDest && wireNumber(message.numeroDest, format.phoneFormat));
  add(wireNames.idCampanha, message.idCampanha);
  add(wireNames.idWpp, message.idWpp);
  add(wireNames.txtmsg, message.txtmsg);
  return query;
}
