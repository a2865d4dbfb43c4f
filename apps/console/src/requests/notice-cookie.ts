import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

const name = "talkme-notice";
const longest = 500;

/** What an action came to, for the page that the browser is sent to. */
export function writeNotice(context: Context, text: string): void {
  const value = Buffer.from(text.slice(0, longest)).toString("base64url");
  setCookie(context, name, value, { httpOnly: true, sameSite: "Lax", path: "/", maxAge: 60 });
}

/** Takes it: a page that is loaded again does not repeat it. */
export function takeNotice(context: Context): string | null {
  const value = getCookie(context, name);
  if (value === undefined) return null;
  deleteCookie(context, name, { path: "/" });
  return Buffer.from(value, "base64url").toString().slice(0, longest) || null;
}
