import {
  cancelRest,
  listBatches,
  listPauses,
  listReasons,
  pause,
  readBatch,
  resume,
  type Batch,
} from "@talkme/outbox/console";
import type { Hono } from "hono";
import { z } from "zod";

import type { Words } from "../language/words.ts";
import { confirmCount, isCount } from "../look/confirm-count.ts";
import { html, type Html } from "../look/html.ts";
import { live } from "../look/live.ts";
import { doneShare, shareBar } from "../look/share-bar.ts";
import { idText, readForm, readId, readQuery, reasonText } from "../requests/input.ts";
import type { Done, PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";
import { batchFigures } from "./batch-figures.ts";
import { pauseForms } from "./pause-forms.ts";
import { reasonTable } from "./reason-table.ts";

/** Each is counted exactly. */
const batchesOnPage = 15;

/** Lists that were brought in, and each by itself. */
export function routeBatches(app: Hono, requests: PersonRequests): void {
  app.get("/listas", requests.reading(all));
  app.get("/listas/:id", requests.reading(one));
  app.post("/listas/:id/pausar", requests.acting(stop));
  app.post("/listas/:id/retomar", requests.acting(go));
  app.post("/listas/:id/cancelar", requests.acting(cancel));
}

async function all({ context, db, words }: PersonRequest): Promise<PageContent> {
  const { texts } = words;
  const { antes } = readQuery(context, z.object({ antes: idText.optional() }));
  const batches = await listBatches(db, antes ?? null, batchesOnPage);
  const last = batches.at(-1)?.id;
  const body =
    batches.length === 0
      ? html`<p class="empty">${texts.batches.empty}</p>`
      : html`${batchTable(batches, words)}
        ${batches.length < batchesOnPage ? "" : html`<p><a class="button" href="/listas?antes=${last}">${texts.batches.more}</a></p>`}`;
  const address = antes === undefined ? "/listas" : `/listas?antes=${antes}`;
  return { title: texts.batches.title, body: live("batches", address, body) };
}

function batchTable(batches: readonly Batch[], words: Words): Html {
  const { texts, formats } = words;
  const { batches: labels, counts } = texts;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${labels.title}">
    <table>
      <thead>
        <tr>
          <th scope="col">${labels.name}</th>
          <th scope="col">${labels.progress}</th>
          <th scope="col" class="number">${labels.rows}</th>
          <th scope="col" class="number">${counts.sent}</th>
          <th scope="col" class="number">${counts.failed}</th>
          <th scope="col" class="number">${counts.unknown}</th>
          <th scope="col">${labels.expectedEnd}</th>
        </tr>
      </thead>
      <tbody>
        ${batches.map((batch) => {
          const share = shareOf(batch);
          return html`<tr>
            <th scope="row">
              <a href="/listas/${batch.id}">${batch.name}</a>
              <small>${batch.createdBy} · ${formats.time(batch.createdAt)}</small>
            </th>
            <td>${labels.done(doneShare(share, words))} ${shareBar(share)}</td>
            <td class="number">${formats.number(batch.rows)}</td>
            <td class="number">${formats.number(batch.sent)}</td>
            <td class="number ${batch.failed === 0 ? "zero" : ""}">${formats.number(batch.failed)}</td>
            <td class="number ${batch.unknown === 0 ? "zero" : ""}">${formats.number(batch.unknown)}</td>
            <td class="nowrap">${endText(batch, words)}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function shareOf({ sent, failed, unknown, expired, cancelled, pending, sending }: Batch) {
  return { sent, failed: failed + expired + cancelled, unknown, rest: pending + sending };
}

function endText({ expectedEnd, paused, pending }: Batch, { texts, formats }: Words): string {
  if (paused) return texts.campaigns.paused;
  if (pending === 0) return texts.counts.none;
  return expectedEnd === null ? texts.batches.noEnd : formats.time(expectedEnd);
}

async function one(request: PersonRequest): Promise<PageContent> {
  return page(request, null);
}

async function page(request: PersonRequest, problem: string | null): Promise<PageContent> {
  const { context, db, person, words } = request;
  const { texts, formats } = words;
  const id = readId(context);
  const batch = await readBatch(db, id);
  if (batch === null)
    return {
      title: texts.batch(id),
      body: html`<p class="empty">${texts.batches.missing(id)}</p>`,
      status: 404,
    };
  const reasons = await listReasons(db, { batch: id });
  const pauses = await listPauses(db, person);
  const share = shareOf(batch);
  const watched = html`<p class="lead">
      ${texts.batches.done(doneShare(share, words))} · ${texts.batches.expectedEnd}: ${endText(batch, words)}
    </p>
    ${shareBar(share)} ${batchFigures(batch, words)}
    <section>
      <h2>${texts.campaigns.reasons}</h2>
      ${reasonTable(reasons, `lista=${id}`, words)}
    </section>`;
  const isMine = person.rights.operator || batch.createdBy === person.role;
  const body = html`${problem === null ? "" : html`<p class="notice bad" role="alert">${problem}</p>`}
    <p class="hint">
      ${texts.batch(id)} · ${texts.batches.by} ${batch.createdBy} · ${formats.time(batch.createdAt)}
    </p>
    ${live("batch", `/listas/${id}`, watched)}
    ${pauseForms(
      {
        action: `/listas/${id}`,
        pause: pauses.find(({ scope }) => scope === `batch:${id}`) ?? null,
        held: batch.held,
        labels: texts.batches,
        mayPause: isMine && batch.pending > 0,
      },
      person,
      words,
    )}
    <p><a class="button" href="/listas/${id}/resultado.csv">${texts.batches.results}</a></p>
    ${isMine && batch.pending > 0 ? cancelForm(batch, words) : ""}`;
  return { title: batch.name, body };
}

function cancelForm({ id, pending }: Batch, words: Words): Html {
  const { texts, formats } = words;
  return html`<section class="card">
    <details>
      <summary>${texts.batches.cancelRest}</summary>
      <form method="post" action="/listas/${id}/cancelar">
        <p class="hint">${texts.batches.cancelCounted(formats.number(pending), pending === 1)}</p>
        <input type="hidden" name="contadas" value="${pending}" />
        ${confirmCount(pending, words)}
        <label class="field"
          ><span>${texts.campaigns.reasonLabel}</span>
          <input name="motivo" required maxlength="500" autocomplete="off"
        /></label>
        <button class="danger">${texts.batches.cancelRest}</button>
      </form>
    </details>
  </section>`;
}

async function stop({ context, db, words }: PersonRequest): Promise<Done> {
  const id = readId(context);
  const { motivo } = await readForm(context, z.object({ motivo: reasonText }));
  await pause(db, `batch:${id}`, motivo);
  return { kind: "went", to: `/listas/${id}`, said: words.texts.done.paused(words.texts.batch(id)) };
}

async function go({ context, db, words }: PersonRequest): Promise<Done> {
  const id = readId(context);
  await resume(db, `batch:${id}`);
  return { kind: "went", to: `/listas/${id}`, said: words.texts.done.resumed(words.texts.batch(id)) };
}

const cancelFields = z.object({
  motivo: reasonText,
  contadas: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
  digitado: z.string().max(20).default(""),
});

/** What went out since the count is no longer there to be cancelled: fewer than were confirmed are no surprise, more are. */
async function cancel(request: PersonRequest): Promise<Done> {
  const { context, db, words } = request;
  const { texts, formats } = words;
  const id = readId(context);
  const { motivo, contadas, digitado } = await readForm(context, cancelFields);
  if (!isCount(digitado, contadas))
    return { kind: "undone", page: await page(request, texts.unknown.wrongCount(formats.number(contadas))) };
  if ((await readBatch(db, id)) === null) return { kind: "undone", page: await page(request, null) };
  const { done, left } = await cancelRest(db, id, motivo);
  if (done > contadas) return { kind: "undone", page: await page(request, texts.unknown.changed) };
  return {
    kind: "went",
    to: `/listas/${id}`,
    said: texts.done.cancelled(formats.number(done), formats.number(left)),
  };
}
