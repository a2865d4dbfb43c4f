import { failureReply } from "../api/failure-shape.ts";
import { refusalCatalogue } from "../api/refusal-catalogue.ts";
import { textReply, textType, type Reply } from "../api/reply.ts";
import type { Delivery } from "./delivery.ts";
import type { AnsweringFault } from "../faults/fault.ts";
import { garbageBytes } from "../faults/garbage-bytes.ts";

/** What a fault uses of its request. */
export interface StruckRequest {
  readonly acao: string;
  /** Token included. */
  readonly rawQuery: string;
  /** The answer without the fault: the success, or a gateway's 502 if the fault came before. */
  readonly ordinaryReply: Reply;
  readonly seed: number;
  /** How many answers faults have decided. */
  readonly nth: number;
}

const wafPage =
  "<!DOCTYPE html><html><head><title>Attention Required!</title></head>" +
  "<body><h1>Sorry, you have been blocked</h1><p>Request blocked by the firewall.</p></body></html>";

export function faultDelivery(fault: AnsweringFault, request: StruckRequest): Delivery {
  const reply = request.ordinaryReply;
  switch (fault.kind) {
    case "success":
      return whole(reply);
    case "failure":
      return whole(failureReply(fault.shape, request.acao, request.rawQuery));
    case "refusal":
      return whole(textReply(200, fault.body ?? refusalOf(request.seed + request.nth)));
    case "status":
      return whole(statusReply(fault));
    case "html":
      return whole(textReply(fault.status, wafPage));
    case "redirect":
      return whole({ ...textReply(fault.status, ""), headers: { location: fault.location } });
    case "empty":
      return whole(textReply(fault.status, ""));
    case "garbage":
      return whole({
        status: 200,
        contentType: textType,
        body: garbageBytes(fault.bytes, request.seed),
      });
    case "huge":
      return whole({ ...reply, body: padded(reply.body, fault.bytes) });
    case "hang":
      return { kind: "hang" };
    case "drop":
      return { kind: "drop" };
    case "reset":
      return fault.at === "start" ? { kind: "reset-at-start" } : { kind: "reset-at-half", reply };
    case "truncate":
      return { kind: "truncate", reply };
    case "drip":
      return { kind: "drip", reply, bytes: fault.bytes, intervalMs: fault.intervalMs };
  }
}

/** In turn, from a first that the seed chooses. */
function refusalOf(index: number): string {
  return refusalCatalogue[Math.abs(Math.trunc(index)) % refusalCatalogue.length] ?? "";
}

function whole(reply: Reply): Delivery {
  return { kind: "whole", reply };
}

function statusReply(fault: Extract<AnsweringFault, { kind: "status" }>): Reply {
  const { status, body, contentType = textType, headers, retryAfterSeconds, retryAfterForm } = fault;
  if (retryAfterSeconds === undefined) return { status, contentType, body, headers: headers ?? {} };
  const retryAfter =
    retryAfterForm === "seconds"
      ? String(retryAfterSeconds)
      : new Date(Date.now() + retryAfterSeconds * 1000).toUTCString();
  return { status, contentType, body, headers: { ...headers, "retry-after": retryAfter } };
}

/** The body, a newline, and dots up to `size`. */
function padded(body: string | Buffer, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes, ".");
  buffer.write(`${body.toString()}\n`);
  return buffer;
}
