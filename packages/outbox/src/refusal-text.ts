import { maskedText } from "./masked-text.ts";

/** What PostgreSQL's driver adds to an error of the server. */
export interface ServerError {
  readonly message: string;
  readonly code?: string | undefined;
  readonly constraint?: string | undefined;
  readonly where?: string | undefined;
  readonly routine?: string | undefined;
}

/**
 * Classes whose words are the server's own if no function was running: connections, privileges, missing names, resources, locks.
 * The words of other classes quote values.
 */
const serversOwnClasses = new Set([
  "08",
  "0A",
  "25",
  "28",
  "3D",
  "3F",
  "40",
  "42",
  "53",
  "55",
  "57",
  "58",
  "F0",
]);

/** Where our own functions, and the blocks of a migration, raise. */
const ownFunction = /^PL\/pgSQL function (?:talkme\.\w+\(|inline_code_block\b)/;

const noSuchCharacter =
  "the database cannot store a character: NUL, or one that is not in its encoding; the encoding UTF8 has all others";

/** By code, or else by class. */
const meanings: Readonly<Record<string, string>> = {
  "22021": noSuchCharacter,
  "22P05": noSuchCharacter,
  "08": "the connection failed",
  "22": "a value is not one that it takes",
  "23": "a constraint refuses it",
  "25": "the transaction's state does not allow it",
  "28": "the login was refused",
  "40": "it was rolled back for another transaction's sake",
  "42": "something that it needs is missing, wrong or not granted",
  "53": "the server lacks resources",
  "54": "it is beyond a limit of the server",
  "55": "an object is locked, or not in the state that it needs",
  "57": "it was cancelled, or the server stops",
  P0: "a trigger or function refuses it",
  XX: "an internal error of the server, or of an extension",
};

/**
 * What the server says of an error, without what a customer's trigger, function or constraint may have put into it, such as a
 * number or a name: the code, the constraint and a sentence of our own replace that. The server's own log has the rest.
 * Never shows detail, hint or context. Masks digits and addresses.
 */
export function refusalText(error: ServerError): string {
  const code = /^[0-9A-Z]{5}$/.test(error.code ?? "") ? (error.code ?? "") : "no SQLSTATE";
  const isServersOwn = error.where === undefined && serversOwnClasses.has(code.slice(0, 2));
  if (isServersOwn || ownFunction.test(error.where ?? "")) return maskedText(error.message);
  const meaning = meanings[code] ?? meanings[code.slice(0, 2)] ?? "the server refuses it";
  return `${meaning} (${code}${constraintOf(error)}; PostgreSQL's own log has its words)`;
}

/** A function that raises may name any constraint, so only the server itself is believed. */
function constraintOf({ constraint, routine }: ServerError): string {
  const isName = constraint !== undefined && /^[A-Za-z_][\w$]{0,62}$/.test(constraint);
  return isName && routine !== "exec_stmt_raise" ? `, ${maskedText(constraint)}` : "";
}
