import { createHash, timingSafeEqual } from "node:crypto";

import type { MiddlewareHandler } from "hono";

/**
 * Lets a request pass that brings the token, and answers 401 to all others. How long the comparison takes tells
 * nothing of the token, nor of its length: digests are compared.
 */
export function requireBearer(token: string): MiddlewareHandler {
  const expected = digest(token);
  return async (context, next) => {
    const given = /^Bearer +(\S+) *$/i.exec(context.req.header("authorization") ?? "")?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) {
      await next();
      return undefined;
    }
    context.header("www-authenticate", 'Bearer realm="syncd"');
    return context.json({ status: "unauthorized", reasons: ["a bearer token is needed"] }, 401);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
