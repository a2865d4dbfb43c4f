import { listAudit, type AuditEntry } from "@talkme/outbox/console";
import type { Hono } from "hono";
import { z } from "zod";

import { actionText } from "../language/actions.ts";
import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { queryText } from "../look/query-text.ts";
import { idText, readQuery } from "../requests/input.ts";
import { aboutText } from "./about-text.ts";
import type { PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";

const entriesOnPage = 50;

const filterFields = z.object({ quem: z.string().max(63).optional(), antes: idText.optional() });

/** Who did what, when, to how many, and why. */
export function routeAudit(app: Hono, requests: PersonRequests): void {
  app.get("/auditoria", requests.reading(list));
}

async function list({ context, db, words }: PersonRequest): Promise<PageContent> {
  const { audit } = words.texts;
  const { quem, antes } = readQuery(context, filterFields);
  const entries = await listAudit(db, { who: quem, before: antes }, entriesOnPage);
  const body = html`${
    quem === undefined ? "" : html`<p>${audit.only(quem)} · <a href="/auditoria">${audit.anyone}</a></p>`
  }
  ${entries.length === 0 ? html`<p class="empty">${audit.empty}</p>` : auditTable(entries, words)}
  ${entries.length < entriesOnPage ? "" : older(quem, entries.at(-1)?.id ?? "", audit.more)}`;
  return { title: audit.title, body };
}

function auditTable(entries: readonly AuditEntry[], words: Words): Html {
  const { texts, formats, language } = words;
  const { audit } = texts;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${audit.title}">
    <table>
      <thead>
        <tr>
          <th scope="col">${audit.at}</th>
          <th scope="col">${audit.who}</th>
          <th scope="col">${audit.action}</th>
          <th scope="col">${audit.about}</th>
          <th scope="col" class="number">${audit.rows}</th>
          <th scope="col">${audit.reason}</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          (entry) =>
            html`<tr>
              <td class="nowrap">${formats.exactTime(entry.at)}</td>
              <td><a href="/auditoria?quem=${encodeURIComponent(entry.who)}">${entry.who}</a></td>
              <td>${actionText(entry.action, language)}</td>
              <td>${aboutText(entry.about, words)}</td>
              <td class="number">${formats.number(entry.rows)}</td>
              <td>${entry.reason ?? texts.counts.none}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function older(who: string | undefined, before: string, text: string): Html {
  return html`<p>
    <a class="button" href="/auditoria?${queryText({ quem: who, antes: before })}">${text}</a>
  </p>`;
}
