import type { Person } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { assetPath } from "./asset-paths.ts";
import { html, type Html } from "./html.ts";
import { menuOf } from "./menu.ts";

export interface PageParts {
  readonly title: string;
  readonly body: Html;
  readonly words: Words;
  /** Null: nobody has logged in, or may not use the console. */
  readonly person: Person | null;
  /** Where the page is, so that the menu shows it. */
  readonly path: string;
  /** What the last action came to. */
  readonly notice: string | null;
  /** False behind a proxy, which logs people out itself. */
  readonly canLogOut: boolean;
}

/** htmx adds no style of its own and evaluates nothing: the policy of the page forbids both. */
const htmxConfig = JSON.stringify({ includeIndicatorCSS: false, history: false, prefix: "data-hx-" });

/** The frame of every page. */
export function layout({ title, body, words, person, path, notice, canLogOut }: PageParts): Html {
  const { texts, language } = words;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content="${htmxConfig}" />
        <title>${title} · ${texts.product}</title>
        <link rel="icon" href="${assetPath("icon.svg")}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assetPath("style.css")}" />
        <script src="${assetPath("htmx.js")}" defer></script>
        <script src="${assetPath("while-visible.js")}" defer></script>
      </head>
      <body>
        <a class="skip" href="#content">${texts.skip}</a>
        <header class="top">
          <a class="brand" href="/">${texts.product}</a>
          ${person === null ? "" : menu(person, words, path)} ${account(person, words, path, canLogOut)}
        </header>
        <main id="content" tabindex="-1">
          ${notice === null ? "" : html`<p class="notice good" role="status">${notice}</p>`}
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}

function menu(person: Person, { texts }: Words, path: string): Html {
  const items = menuOf(person.rights, texts).map(({ to, name }) => {
    const isHere = to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`);
    return html`<li><a href="${to}" ${isHere ? html`aria-current="page"` : ""}>${name}</a></li>`;
  });
  return html`<nav aria-label="${texts.menu.label}">
    <ul>
      ${items}
    </ul>
  </nav>`;
}

function account(person: Person | null, { texts, language }: Words, path: string, canLogOut: boolean): Html {
  return html`<div class="account">
    ${person === null ? "" : html`<span title="${texts.person.as(person.name)}">${person.name}</span>`}
    <form method="post" action="/idioma">
      <input type="hidden" name="volta" value="${path}" />
      <button
        class="quiet"
        name="lingua"
        value="${language === "en" ? "pt-BR" : "en"}"
        lang="${language === "en" ? "pt-BR" : "en"}"
      >
        ${texts.person.other}
      </button>
    </form>
    ${
      person === null || !canLogOut
        ? ""
        : html`<form method="post" action="/sair">
            <button class="quiet">${texts.person.logOut}</button>
          </form>`
    }
  </div>`;
}
