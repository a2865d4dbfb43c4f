import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

/** The longest that a session lasts: a working day. */
export const sessionSeconds = 12 * 3600;

/** The cookie of a session: no script reads it, no other site's form sends it, and behind TLS it never crosses the network readable. */
export class SessionCookie {
  readonly #isSecure: boolean;
  readonly #name: string;

  constructor(publicOrigin: string | null) {
    this.#isSecure = publicOrigin?.startsWith("https://") === true;
    // The prefix makes browsers refuse one that another host of the domain, or plain HTTP, has set.
    this.#name = this.#isSecure ? "__Host-talkme" : "talkme";
  }

  read(context: Context): string | null {
    return getCookie(context, this.#name) ?? null;
  }

  write(context: Context, token: string): void {
    setCookie(context, this.#name, token, { ...this.#attributes(), maxAge: sessionSeconds });
  }

  remove(context: Context): void {
    deleteCookie(context, this.#name, this.#attributes());
  }

  #attributes() {
    return { httpOnly: true, sameSite: "Lax", secure: this.#isSecure, path: "/" } as const;
  }
}
