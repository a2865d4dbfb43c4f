import {
  cancelMessage,
  explainMessage,
  listAttempts,
  listEvents,
  readMessage,
  retryMessage,
  reveal,
  seesEverything,
  type MessageRow,
} from "@talkme/outbox/console";
import type { Hono } from "hono";
import { z } from "zod";

import { reasonText as reasonWords } from "../language/reasons.ts";
import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { targetText } from "../look/scope-text.ts";
import { statusBadge } from "../look/status-badge.ts";
import { noteText, readForm, readId, reasonText } from "../requests/input.ts";
import type { Done, PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";
import { attemptTable, eventTable } from "./message-life.ts";
import { messageActions } from "./message-actions.ts";
import { revealedData } from "./revealed-data.ts";

/** One message: what became of it and why, and what a person may do about it. */
export function routeMessage(app: Hono, requests: PersonRequests): void {
  app.get("/mensagens/:id", requests.reading(show));
  app.post("/mensagens/:id/cancelar", requests.acting(cancel));
  app.post("/mensagens/:id/repetir", requests.acting(retry));
  app.post("/mensagens/:id/revelar", requests.acting(lookAt));
}

async function show(request: PersonRequest): Promise<PageContent> {
  return page(request, null);
}

async function page(
  { context, db, person, words }: PersonRequest,
  revealed: Html | null,
): Promise<PageContent> {
  const { texts } = words;
  const id = readId(context);
  const row = await readMessage(db, id);
  const title = texts.message.title(id);
  if (row === null)
    return { title, body: html`<p class="empty">${texts.message.missing(id)}</p>`, status: 404 };
  const said = await explainMessage(db, id);
  const events = await listEvents(db, id);
  const attempts = seesEverything(person.rights) ? await listAttempts(db, id, row.createdAt) : null;
  const body = html`${revealed ?? ""}
    <p>${statusBadge(row.status, texts)}</p>
    <section>
      <h2>${texts.message.why}</h2>
      <p class="said">${said}</p>
    </section>
    ${messageActions(row, person, words)} ${facts(row, words)}
    ${attempts === null ? "" : attemptTable(attempts, words)} ${eventTable(events, words)}`;
  return { title, body };
}

function facts(row: MessageRow, { texts, formats, language }: Words): Html {
  const { message, messages } = texts;
  const time = (at: Date | null): string | null => (at === null ? null : formats.exactTime(at));
  return html`<section>
    <h2>${message.facts}</h2>
    <dl class="facts">
      ${fact(message.recipient, row.recipient ?? texts.counts.none)}
      ${fact(
        messages.campaign,
        row.campaign === null
          ? targetText(row, texts)
          : html`<a href="/campanhas/${row.campaign}">${targetText(row, texts)}</a>`,
      )}
      ${fact(messages.batch, row.batch === null ? null : html`<a href="/listas/${row.batch}">${texts.batch(row.batch)}</a>`)}
      ${fact(messages.reason, row.errorCode === null ? null : reasonWords(row.errorCode, language))}
      ${fact(messages.created, time(row.createdAt))} ${fact(message.createdBy, row.createdBy)}
      ${fact(messages.due, row.status === "pending" ? time(row.dueAt) : null)}
      ${fact(messages.ended, time(row.finishedAt))} ${fact(message.reference, row.reference)}
    </dl>
  </section>`;
}

function fact(name: string, value: Html | string | null): Html {
  return value === null
    ? html``
    : html`<dt>${name}</dt>
        <dd>${value}</dd>`;
}

async function cancel({ context, db, words }: PersonRequest): Promise<Done> {
  const id = readId(context);
  const { motivo } = await readForm(context, z.object({ motivo: noteText }));
  await cancelMessage(db, id, motivo);
  return { kind: "went", to: `/mensagens/${id}`, said: words.texts.done.cancelledOne };
}

async function retry({ context, db, words }: PersonRequest): Promise<Done> {
  const id = readId(context);
  const { motivo } = await readForm(context, z.object({ motivo: noteText }));
  await retryMessage(db, id, motivo);
  return { kind: "went", to: `/mensagens/${id}`, said: words.texts.done.retried };
}

/** Shown in the answer to the form itself, so that it stands in no address and no back button's page. */
async function lookAt(request: PersonRequest): Promise<Done> {
  const { context, db, words } = request;
  const { motivo } = await readForm(context, z.object({ motivo: reasonText }));
  const found = await reveal(db, readId(context), motivo);
  return { kind: "shown", page: await page(request, found === null ? null : revealedData(found, words)) };
}
