import type { Message } from "./message.ts";
import { jsonReply, textReply, type Reply } from "./reply.ts";

/** How the sibling scripts report success. The README shows each body. */
export const successShapes = [
  "protocol",
  "one",
  "inserted",
  "inserted-echo",
  "piped",
  "rows",
  "json",
  "json-wrapped",
  "json-integer",
  "json-unsafe-integer",
] as const;

export type SuccessShape = (typeof successShapes)[number];

const firstReference = 100_000_000_000;

/**
 * The protocol number of the `seq`-th accepted message: 12 digits, or 18 for `json-unsafe-integer`, which a plain
 * `JSON.parse` would round.
 */
export function referenceOf(seq: number, shape: SuccessShape): string {
  const protocol = String(firstReference + seq);
  return shape === "json-unsafe-integer" ? `900719${protocol}` : protocol;
}

/** @param query The raw query string, token included: `inserted-echo` repeats it, as careless scripts do. */
export function successReply(shape: SuccessShape, message: Message, reference: string, query: string): Reply {
  const { acao } = message;
  const recipient = message.numeroDest ?? message.emailDest ?? "";
  switch (shape) {
    case "protocol":
      return textReply(200, reference);
    case "one":
      return textReply(200, "1");
    case "inserted":
      return textReply(200, "Inserido com sucesso");
    case "inserted-echo":
      return textReply(200, `Inserido com sucesso: ${query}`);
    case "piped":
      return textReply(200, `${reference}|${recipient}|OK`);
    case "rows":
      return textReply(200, `id|numero|status<br>${reference}|${recipient}|OK<br>`);
    case "json":
      return jsonReply(200, { status: "success", protocolo: reference });
    case "json-wrapped":
      return jsonReply(200, { [acao]: { status: "success", protocolo: reference } });
    case "json-integer":
    case "json-unsafe-integer":
      // By hand: JSON.stringify would round an unsafe integer.
      return { ...jsonReply(200, null), body: `{"status":"success","protocolo":${reference}}` };
  }
}
