import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";

/** Forms are small. */
const largestForm = 64 * 1024;

const self = ["'self'"];

/** A shared computer's back button shows nobody's pages. */
const nothingKept: MiddlewareHandler = async (context, next) => {
  await next();
  if (!context.res.headers.has("cache-control")) context.header("cache-control", "no-store");
};

/**
 * Nothing that is not ours runs, is shown, or is asked: no inline script or style, no other host, no frame around the page. Other
 * sites learn at most that the console exists, and their forms are refused.
 *
 * @param publicOrigin Null: the address that the browser used.
 * @param uploadPath Where files are sent, whose limit is their own.
 */
export function security(publicOrigin: string | null, uploadPath: string): readonly MiddlewareHandler[] {
  const headers = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: self,
      scriptSrc: self,
      imgSrc: self,
      connectSrc: self,
      formAction: self,
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    strictTransportSecurity: publicOrigin?.startsWith("https://") === true,
    xFrameOptions: "DENY",
    // With no-referrer a browser says `Origin: null` for our own forms, too.
    referrerPolicy: "same-origin",
  });
  const ownForms = csrf(publicOrigin === null ? {} : { origin: publicOrigin });
  const limit = bodyLimit({
    maxSize: largestForm,
    onError: () => {
      throw new HTTPException(413);
    },
  });
  const formLimit: MiddlewareHandler = (context, next) =>
    context.req.path === uploadPath ? next() : limit(context, next);
  return [headers, nothingKept, ownForms, formLimit];
}
