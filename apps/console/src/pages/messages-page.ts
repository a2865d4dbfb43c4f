import { statuses } from "@talkme/outbox";
import { listMessages, type MessageRow } from "@talkme/outbox/console";
import type { Hono } from "hono";
import { z } from "zod";

import { reasonText } from "../language/reasons.ts";
import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { queryText } from "../look/query-text.ts";
import { targetText } from "../look/scope-text.ts";
import { statusBadge } from "../look/status-badge.ts";
import { idText, readQuery } from "../requests/input.ts";
import type { PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";

const rowsOnPage = 50;

const filterFields = z.object({
  situacao: z.enum(statuses).optional(),
  campanha: idText.optional(),
  lista: idText.optional(),
  motivo: z
    .string()
    .regex(/^\w{1,100}$/)
    .optional(),
  antes: idText.optional(),
  numero: idText.optional(),
});
type Query = z.output<typeof filterFields>;

/** Messages by a filter that stands in the address; no telephone number ever does. */
export function routeMessages(app: Hono, requests: PersonRequests): void {
  app.get("/mensagens", async (context, next) => {
    // The form's number opens one message: an address of its own.
    const id = context.req.query("numero");
    if (id !== undefined && idText.safeParse(id).success) return context.redirect(`/mensagens/${id}`, 303);
    return requests.reading(list)(context, next);
  });
}

async function list({ context, db, words }: PersonRequest): Promise<PageContent> {
  const { texts } = words;
  const given = readQuery(context, filterFields);
  const filter = {
    status: given.situacao,
    campaign: given.campanha,
    batch: given.lista,
    errorCode: given.motivo,
    before: given.antes,
  };
  const { rows, next } = await listMessages(db, filter, rowsOnPage);
  const body = html`${filterForm(given, words)}
  ${rows.length === 0 ? html`<p class="empty">${next === null ? texts.messages.empty : texts.messages.noneYet}</p>` : messageTable(rows, words)}
  ${next === null ? "" : older(given, next, rows.length === 0 ? texts.messages.further : texts.messages.more)}`;
  return { title: texts.messages.title, body };
}

function filterForm(given: Query, { texts, language }: Words): Html {
  const { messages } = texts;
  return html`<form class="filter" method="get" action="/mensagens">
    <label class="field"
      ><span>${messages.status}</span>
      <select name="situacao">
        <option value="">${messages.anyStatus}</option>
        ${statuses.map(
          (status) =>
            html`<option value="${status}" ${given.situacao === status ? "selected" : ""}>
              ${texts.status[status]}
            </option>`,
        )}
      </select></label
    >
    <label class="field short"
      ><span>${messages.campaign}</span>
      <input name="campanha" inputmode="numeric" value="${given.campanha ?? ""}"
    /></label>
    <label class="field short"
      ><span>${messages.batch}</span> <input name="lista" inputmode="numeric" value="${given.lista ?? ""}"
    /></label>
    <label class="field short"
      ><span>${messages.go}</span> <input name="numero" inputmode="numeric" autocomplete="off"
    /></label>
    ${
      given.motivo === undefined
        ? ""
        : html`<label class="field"
            ><span>${messages.reason}</span>
            <select name="motivo">
              <option value="${given.motivo}">${reasonText(given.motivo, language)}</option>
              <option value="">${texts.unknown.all}</option>
            </select></label
          >`
    }
    <button>${messages.filter}</button>
  </form>`;
}

/** Messages side by side, the latest first. */
function messageTable(rows: readonly MessageRow[], words: Words): Html {
  const { texts, formats, language } = words;
  const { messages } = texts;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${messages.title}">
    <table>
      <thead>
        <tr>
          <th scope="col">${messages.id}</th>
          <th scope="col">${messages.status}</th>
          <th scope="col">${messages.recipient}</th>
          <th scope="col">${messages.campaign}</th>
          <th scope="col">${messages.created}</th>
          <th scope="col">${messages.ended}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row"><a href="/mensagens/${row.id}">${row.id}</a></th>
              <td>
                ${statusBadge(row.status, texts)}
                ${row.errorCode === null ? "" : html`<small>${reasonText(row.errorCode, language)}</small>`}
              </td>
              <td class="nowrap">${row.recipient ?? texts.counts.none}</td>
              <td>${targetText(row, texts)}</td>
              <td class="nowrap">${formats.time(row.createdAt)}</td>
              <td class="nowrap">
                ${row.finishedAt === null ? texts.counts.none : formats.time(row.finishedAt)}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function older({ situacao, campanha, lista, motivo }: Query, before: string, text: string): Html {
  const query = queryText({ situacao, campanha, lista, motivo, antes: before });
  return html`<p><a class="button" href="/mensagens?${query}">${text}</a></p>`;
}
