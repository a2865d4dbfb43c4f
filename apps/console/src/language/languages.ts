import type { Context } from "hono";
import { getCookie } from "hono/cookie";

/** The first is what somebody gets who asks for none of them. */
export const languages = ["pt-BR", "en"] as const;
export type Language = (typeof languages)[number];

export const languageCookie = "talkme-language";

function isLanguage(text: string | undefined): text is Language {
  return languages.some((language) => language === text);
}

/** What the person has chosen, or else what the browser asks for first. */
export function languageOf(context: Context): Language {
  const chosen = getCookie(context, languageCookie);
  if (isLanguage(chosen)) return chosen;
  const wanted = (context.req.header("accept-language") ?? "")
    .split(",")
    .map((one) => one.trim().slice(0, 2).toLowerCase());
  const first = wanted.find((one) => one === "pt" || one === "en");
  return first === "en" ? "en" : "pt-BR";
}
