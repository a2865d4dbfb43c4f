import { countUnknown, decideOne, listUnknown, verdicts, type UnknownKind } from "@talkme/outbox/console";
import type { Hono } from "hono";
import { z } from "zod";

import { reasonText } from "../language/reasons.ts";
import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { targetText } from "../look/scope-text.ts";
import { idText, noteText, readForm, readId, readQuery } from "../requests/input.ts";
import type { Done, PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";
import { filterOf, filterQuery, unknownFilter } from "./unknown-filter.ts";
import { unknownTable } from "./unknown-table.ts";

const rowsOnPage = 25;

/** What only a person can decide. One row is decided here; many by {@link routeDecision}. */
export function routeUnknown(app: Hono, requests: PersonRequests): void {
  app.get("/desconhecidos", requests.reading(list));
  app.post("/desconhecidos/:id", requests.acting(decide));
}

async function list({ context, db, person, words }: PersonRequest): Promise<PageContent> {
  const { texts } = words;
  const { depois, ...given } = readQuery(context, unknownFilter.extend({ depois: idText.optional() }));
  const filter = filterOf(given);
  const kinds = await countUnknown(db, filter);
  if (kinds.length === 0)
    return { title: texts.unknown.title, body: html`<p class="notice good">${texts.unknown.empty}</p>` };
  const rows = await listUnknown(db, filter, depois ?? null, rowsOnPage);
  const last = rows.at(-1)?.id;
  const isMore = rows.length === rowsOnPage && last !== undefined;
  const body = html`<p class="lead">${texts.unknown.intro}</p>
    ${kindTable(kinds, person.rights.operator, words)} ${unknownTable(rows, person.rights.operator, words)}
    ${isMore ? html`<p><a class="button" href="/desconhecidos?${filterQuery(filter, { depois: last })}">${texts.messages.more}</a></p>` : ""}`;
  return { title: texts.unknown.title, body };
}

function kindTable(
  kinds: readonly UnknownKind[],
  mayDecide: boolean,
  { texts, formats, language }: Words,
): Html {
  const { unknown } = texts;
  return html`<section>
    <h2>${unknown.kinds}</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="${unknown.kinds}">
      <table>
        <thead>
          <tr>
            <th scope="col">${texts.messages.campaign}</th>
            <th scope="col" class="number">${unknown.rows}</th>
            ${mayDecide ? html`<th scope="col">${texts.home.decide}</th>` : ""}
            <th scope="col">${unknown.saw}</th>
            <th scope="col">${unknown.between}</th>
          </tr>
        </thead>
        <tbody>
          ${kinds.map((kind) => {
            const { campaign, channel, errorCode } = kind;
            const filter = {
              campaign: campaign ?? undefined,
              channel: channel ?? undefined,
              errorCode: errorCode ?? undefined,
            };
            const query = filterQuery(filter, {});
            return html`<tr>
              <th scope="row">${targetText(kind, texts)}</th>
              <td class="number"><a href="/desconhecidos?${query}">${formats.number(kind.rows)}</a></td>
              ${mayDecide ? html`<td><a class="button" href="/desconhecidos/decidir?${query}">${unknown.decideThese}</a></td>` : ""}
              <td>${reasonText(kind.errorCode, language)}</td>
              <td class="nowrap">
                ${kind.firstAt === null ? texts.counts.none : formats.time(kind.firstAt)}
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}

async function decide({ context, db, words }: PersonRequest): Promise<Done> {
  const id = readId(context);
  const { decisao, nota } = await readForm(context, z.object({ decisao: z.enum(verdicts), nota: noteText }));
  await decideOne(db, id, decisao, nota);
  const { texts, formats } = words;
  const said = texts.done.decided(texts.messagesOf(formats.number(1), true), formats.number(0));
  return { kind: "went", to: "/desconhecidos", said };
}
