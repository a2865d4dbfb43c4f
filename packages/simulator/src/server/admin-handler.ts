import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { jsonReply, type Reply } from "../api/reply.ts";
import { FaultRulesError, parseFaultRules } from "../faults/parse-fault-rules.ts";
import type { LedgerEntry } from "../ledger/ledger-entry.ts";
import { LedgerNotKeptError } from "../ledger/ledger.ts";
import type { Script } from "../script/script.ts";

export const adminPrefix = "/__simulator/";

const ledgerQuerySchema = z.strictObject({
  numero: z.string().regex(/^\d+$/, "must be digits").optional(),
  idCampanha: z.coerce.number().pipe(z.int().min(1)).optional(),
  after: z.coerce.number().pipe(z.int().min(0)).default(0),
  limit: z.coerce.number().pipe(z.int().min(1).max(10_000)).default(100),
});

/** Answers the admin API: JSON, 400 with an `error` that says what is wrong, 404, 405. Never counts as a request. */
export async function handleAdmin(
  script: Script,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await answer(script, incoming);
  response.writeHead(reply.status, { "content-type": reply.contentType, ...reply.headers });
  response.end(reply.body);
}

async function answer(script: Script, incoming: IncomingMessage): Promise<Reply> {
  const url = new URL(incoming.url ?? "", "http://simulator");
  const path = url.pathname.slice(adminPrefix.length);
  switch (path) {
    case "health":
      return only("GET", incoming, () => jsonReply(200, { status: "ok" }));
    case "stats":
      return only("GET", incoming, () => jsonReply(200, script.statistics()));
    case "ledger":
      return only("GET", incoming, () => ledgerPage(script, url.searchParams));
    case "faults":
      return only("PUT", incoming, () => putFaults(script, incoming));
    case "reset":
      return only("POST", incoming, () => {
        script.reset();
        return jsonReply(200, { status: "reset" });
      });
    case "unlock":
      return only("POST", incoming, () => {
        script.unlock();
        return jsonReply(200, { status: "unlocked" });
      });
    default:
      return jsonReply(404, { error: "use ledger, stats, health, faults, reset or unlock" });
  }
}

async function only(
  method: "GET" | "POST" | "PUT",
  incoming: IncomingMessage,
  reply: () => Reply | Promise<Reply>,
): Promise<Reply> {
  if (incoming.method === method) return reply();
  return { ...jsonReply(405, { error: `this is a ${method}` }), headers: { allow: method } };
}

/** One page, oldest first. `next` is the `after` of the next page, or null at the end. */
function ledgerPage(script: Script, parameters: URLSearchParams): Reply {
  const query = ledgerQuerySchema.safeParse(Object.fromEntries(parameters));
  if (!query.success) return jsonReply(400, { error: z.prettifyError(query.error) });
  const { numero, idCampanha, after, limit } = query.data;
  try {
    const entries = (numero === undefined ? script.ledger.entries() : script.ledger.byNumero(numero)).filter(
      (entry: LedgerEntry) =>
        entry.seq > after && (idCampanha === undefined || entry.idCampanha === idCampanha),
    );
    const page = entries.slice(0, limit);
    const next = entries.length > limit ? (page.at(-1)?.seq ?? null) : null;
    return jsonReply(200, { size: script.ledger.size, entries: page, next });
  } catch (error) {
    if (error instanceof LedgerNotKeptError) return jsonReply(409, { error: error.message });
    throw error;
  }
}

/** Invalid rules change nothing. */
async function putFaults(script: Script, incoming: IncomingMessage): Promise<Reply> {
  try {
    const rules = parseFaultRules(await json(incoming));
    script.setFaults(rules);
    return jsonReply(200, { faults: rules });
  } catch (error) {
    if (error instanceof FaultRulesError) return jsonReply(400, { error: error.message });
    if (error instanceof SyntaxError) return jsonReply(400, { error: `not JSON: ${error.message}` });
    throw error;
  }
}
