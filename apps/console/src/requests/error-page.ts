import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Logger } from "pino";

import { databaseFault, type DatabaseFault } from "../database/database-error.ts";
import { languageOf } from "../language/languages.ts";
import { wordsOf, type Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { layout } from "../look/layout.ts";
import { BadInput, NoAccess, NotLoggedIn } from "./refusals.ts";

type Code = 401 | 403 | 404 | 409 | 413 | 422 | 500 | 503;

interface Answer {
  readonly code: Code;
  readonly body: Html;
}

/** How people log in: a page to go to, or null where a proxy does it. */
export type LoginPath = "/entrar" | null;

/**
 * Turns whatever a request threw into a page that says what to do. Logs defects by their kind alone: a driver's error may contain a
 * row.
 */
export function errorPage(log: Logger, loginPath: LoginPath) {
  return (error: Error, context: Context): Response | Promise<Response> => {
    if (error instanceof NotLoggedIn && loginPath !== null) return toLogin(context, loginPath);
    const words = wordsOf(languageOf(context));
    const { code, body } = answerTo(error, words);
    if (code === 500) log.error({ kind: error.name, at: placeOf(error) }, "a request failed by a defect");
    return page(context, words, code, body);
  };
}

export function notFoundPage(context: Context): Response | Promise<Response> {
  const words = wordsOf(languageOf(context));
  return page(context, words, 404, paragraph(words.texts.errors.notFound));
}

/** A part of a page that keeps itself up to date is told to go there as a whole. */
function toLogin(context: Context, path: string): Response {
  if (context.req.header("hx-request") === undefined) return context.redirect(path, 303);
  context.header("hx-redirect", path);
  return context.body(null, 204);
}

function page(context: Context, words: Words, code: Code, body: Html): Response | Promise<Response> {
  const { texts } = words;
  const whole = html`<div class="notice bad" role="alert">${body}</div>
    <p><a class="button" href="${backFrom(context)}">${texts.errors.back}</a></p>`;
  const parts = { words, person: null, path: "/", notice: null, canLogOut: false };
  return context.html(layout({ title: texts.errors.title, body: whole, ...parts }), code);
}

/** The page that the person came from, if it is ours. */
function backFrom(context: Context): string {
  const from = context.req.header("referer");
  if (from === undefined || !URL.canParse(from)) return "/";
  const { host, pathname, search } = new URL(from);
  return host === context.req.header("host") && context.req.method !== "GET" ? `${pathname}${search}` : "/";
}

function answerTo(error: Error, { texts }: Words): Answer {
  const { errors } = texts;
  if (error instanceof NotLoggedIn) return { code: 401, body: paragraph(errors.proxyOnly) };
  if (error instanceof NoAccess) return { code: 403, body: paragraph(errors.noAccess(error.person)) };
  if (error instanceof BadInput)
    return { code: 422, body: paragraph(`${errors.badInput} ${error.fields.join(", ")}`) };
  if (error instanceof HTTPException)
    return error.status === 413
      ? { code: 413, body: paragraph(errors.tooLarge) }
      : { code: 403, body: paragraph(errors.crossSite) };
  const fault = databaseFault(error);
  return fault === null ? { code: 500, body: paragraph(errors.defect) } : answerToFault(fault, errors);
}

function answerToFault(fault: DatabaseFault, errors: Words["texts"]["errors"]): Answer {
  switch (fault.kind) {
    case "refused": {
      const { message, hint } = fault;
      const said = hint === null ? "" : html`<p>${hint}</p>`;
      return {
        code: 409,
        body: html`<p>${errors.refused}: ${message}</p>
          ${said}`,
      };
    }
    case "not allowed":
      return { code: 403, body: paragraph(errors.notAllowed) };
    case "too slow":
      return { code: 503, body: paragraph(errors.tooSlow) };
    case "locked":
      return { code: 409, body: paragraph(errors.locked) };
    case "away":
      return { code: 503, body: paragraph(errors.away) };
  }
}

function paragraph(text: string): Html {
  return html`<p>${text}</p>`;
}

function placeOf(error: Error): string | null {
  return (
    error.stack
      ?.split("\n")
      .find((line) => /^ +at /.test(line))
      ?.trim() ?? null
  );
}
