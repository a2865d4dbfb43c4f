import type { CanonicalInfoContato } from "../message/info-contato.ts";
import type { ValidMessage } from "../message/message.ts";
import type { WireFormat } from "./wire-format.ts";
import { accentedNames, wireNames } from "./wire-names.ts";
import { wireNumber } from "./wire-number.ts";

/** A message as the JSON body of method 2. */
export function encodeV2(message: ValidMessage, format: WireFormat): string {
  const number = message.numeroDest && wireNumber(message.numeroDest, format.phoneFormat);
  const body: Record<string, unknown> = {};
  if (number !== undefined) body[wireNames.numeroDest] = number;
  if (message.emailDest !== undefined) body[wireNames.emailDest] = message.emailDest;
  if (message.idCampanha !== undefined) body[wireNames.idCampanha] = message.idCampanha;
  if (message.idWpp !== undefined) body[wireNames.idWpp] = message.idWpp;
  if (message.txtmsg) body[wireNames.txtmsg] = message.txtmsg;
  if (message.assunto) body[wireNames.assunto] = message.assunto;
  const variables = wireVariables(message.infoContato ?? {}, number, format.spelling);
  if (Object.keys(variables).length > 0) body[wireNames.infoContato] = variables;
  return JSON.stringify(body);
}

/** The vendor's page allows the number as `documento`, and says that `telefone1` usually is the number. */
function wireVariables(
  given: CanonicalInfoContato,
  number: string | undefined,
  spelling: WireFormat["spelling"],
): Record<string, string> {
  const variables: Record<string, string> = {};
  if (number !== undefined) {
    variables["documento"] = number;
    variables["telefone1"] = number;
  }
  for (const [name, value] of Object.entries(given)) {
    const accented = accentedNames[name];
    if (accented === undefined || spelling !== "accented") variables[name] = value;
    if (accented !== undefined && spelling !== "ascii") variables[accented] = value;
  }
  return variables;
}
