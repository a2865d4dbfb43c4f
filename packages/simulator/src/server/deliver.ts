import type { ServerResponse } from "node:http";
import type { Reply } from "../api/reply.ts";
import type { Decision } from "../script/decision.ts";

/** Carries out a decision on the wire. Leaves nothing behind if the client goes away first. */
export function deliver(response: ServerResponse, decision: Decision): void {
  if (decision.latencyMs === 0) {
    deliverNow(response, decision);
    return;
  }
  const timer = setTimeout(deliverNow, decision.latencyMs, response, decision);
  response.once("close", () => clearTimeout(timer));
}

function deliverNow(response: ServerResponse, { delivery, reason }: Decision): void {
  switch (delivery.kind) {
    case "whole":
      writeHead(response, delivery.reply, reason);
      response.end(delivery.reply.body);
      return;
    case "hang":
      return;
    case "drop":
      response.socket?.destroy();
      return;
    case "reset-at-start":
      response.socket?.resetAndDestroy();
      return;
    case "reset-at-half":
      writeHead(response, delivery.reply, reason);
      response.write(firstHalf(delivery.reply), () => response.socket?.resetAndDestroy());
      return;
    case "truncate":
      writeHead(response, delivery.reply, reason);
      response.write(firstHalf(delivery.reply), () => response.socket?.end());
      return;
    case "drip":
      writeHead(response, delivery.reply, reason);
      drip(response, Buffer.from(delivery.reply.body), delivery.bytes, delivery.intervalMs);
      return;
  }
}

function writeHead(response: ServerResponse, reply: Reply, reason: string | null): void {
  response.writeHead(reply.status, {
    ...reply.headers,
    "content-type": reply.contentType,
    // Without it node:http would send chunks, and a truncated body would not be noticed.
    "content-length": Buffer.byteLength(reply.body),
    // Not the vendor's: explains the fault to a person.
    ...(reason !== null && { "x-simulator-reason": reason }),
  });
}

/** At least one byte short of the whole. */
function firstHalf({ body }: Reply): Buffer {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

function drip(response: ServerResponse, body: Buffer, bytes: number, intervalMs: number): void {
  let sent = 0;
  const timer = setInterval(sendNext, intervalMs);
  response.once("close", () => clearInterval(timer));
  sendNext();

  function sendNext(): void {
    const next = body.subarray(sent, sent + bytes);
    sent += bytes;
    if (sent < body.length) {
      response.write(next);
    } else {
      clearInterval(timer);
      response.end(next);
    }
  }
}
