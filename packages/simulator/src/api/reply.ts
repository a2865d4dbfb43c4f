import type { RefusalCode } from "./refusal.ts";

/** An HTTP answer, not yet sent. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** PHP's default, and so the type of the script's plain text too. */
export const textType = "text/html; charset=UTF-8";
const jsonType = "application/json; charset=utf-8";

export const notFoundWords = "404 not found";
export const wrongParameterWords = "no results or wrong parameter";

export function textReply(status: number, body: string): Reply {
  return { status, contentType: textType, body };
}

export function jsonReply(status: number, value: unknown): Reply {
  return { status, contentType: jsonType, body: JSON.stringify(value) };
}

/**
 * Whether the vendor would count this answer among the consecutive 404s that lock a token: by its status, or by its words
 * under another status.
 */
export function saysNotFound(reply: Reply): boolean {
  return reply.status === 404 || reply.body === notFoundWords || reply.body === wrongParameterWords;
}

/** The answer to a refused request: the same 404 for every wrong parameter, as in the sibling scripts. */
export function refusalReply(code: RefusalCode): Reply {
  switch (code) {
    case "missing-credentials":
      return textReply(401, "unauthorized");
    case "wrong-credentials":
      return textReply(403, "forbidden");
    case "token-locked":
      return textReply(403, "token bloqueado");
    case "wrong-method":
      return textReply(405, "method not allowed");
    case "body-too-large":
      return textReply(413, "payload too large");
    case "unknown-path":
      return textReply(404, notFoundWords);
    case "conflicting-spellings":
    case "inactive-campaign":
    case "invalid-email":
    case "invalid-number":
    case "invalid-variable":
    case "missing-recipient":
    case "missing-target":
    case "missing-variable":
    case "not-json":
    case "unknown-acao":
    case "unknown-campaign":
    case "unknown-field":
    case "unknown-variable":
    case "wrong-type":
      return textReply(404, wrongParameterWords);
  }
}
