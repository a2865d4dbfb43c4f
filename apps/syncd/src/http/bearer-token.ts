import { createHash, timingSafeEqual } from "node:crypto";

import type { MiddlewareHandler } from "hono";

/**
 * Answers 401 to every request without the token. Compares digests, so that its time reveals neither the token nor its
 * length.
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
    return context.json({ status: "unauthorized", reasons: ["a bearer token is required"] }, 401);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
