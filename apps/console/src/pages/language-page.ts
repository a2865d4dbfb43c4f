import type { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { z } from "zod";

import { languageCookie, languages } from "../language/languages.ts";
import { readForm } from "../requests/input.ts";

const form = z.object({
  lingua: z.enum(languages),
  // A path of ours: never another host.
  volta: z
    .string()
    .regex(/^\/(?![/\\])/)
    .catch("/"),
});

const yearSeconds = 31_536_000;

/** The button that changes the language, for everybody. */
export function routeLanguage(app: Hono): void {
  app.post("/idioma", async (context) => {
    const { lingua, volta } = await readForm(context, form);
    setCookie(context, languageCookie, lingua, {
      httpOnly: true,
      sameSite: "Lax",
      path: "/",
      maxAge: yearSeconds,
    });
    return context.redirect(volta, 303);
  });
}
