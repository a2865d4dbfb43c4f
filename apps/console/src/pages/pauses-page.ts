import { listPauses, pause, resume, type Pause } from "@talkme/outbox/console";
import type { Hono } from "hono";
import { z } from "zod";

import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { scopePath, scopeText } from "../look/scope-text.ts";
import { readForm, reasonText } from "../requests/input.ts";
import { BadInput } from "../requests/refusals.ts";
import type { Done, PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";

const kinds = ["campaign", "channel", "account", "batch", "all"] as const;

/** What is stopped by people: all of it, and a form to stop more. */
export function routePauses(app: Hono, requests: PersonRequests): void {
  app.get("/pausas", requests.reading(list));
  app.post("/pausas", requests.acting(stop));
  app.post("/pausas/retomar", requests.acting(go));
}

async function list({ db, person, words }: PersonRequest): Promise<PageContent> {
  const { texts } = words;
  const pauses = await listPauses(db, person);
  const mayResume = (one: Pause): boolean => person.rights.operator || one.pausedBy === person.role;
  const body = html`${
    pauses.length === 0
      ? html`<p class="notice good">${texts.pauses.empty}</p>`
      : pauseTable(pauses, mayResume, words)
  }
  ${person.rights.operator ? pauseForm(words) : ""}`;
  return { title: texts.pauses.title, body };
}

function pauseTable(pauses: readonly Pause[], mayResume: (one: Pause) => boolean, words: Words): Html {
  const { texts, formats } = words;
  const labels = texts.pauses;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${labels.title}">
    <table>
      <thead>
        <tr>
          <th scope="col">${labels.scope}</th>
          <th scope="col">${labels.reason}</th>
          <th scope="col">${labels.by}</th>
          <th scope="col">${labels.since}</th>
          <th scope="col">${texts.home.resume}</th>
        </tr>
      </thead>
      <tbody>
        ${pauses.map((one) => {
          const path = scopePath(one.scope);
          const name = scopeText(one.scope, texts);
          return html`<tr>
            <th scope="row">
              ${path === null ? name : html`<a href="${path}">${name}</a>`}
              ${one.name === null ? "" : html`<small>${one.name}</small>`}
            </th>
            <td>${one.reason}</td>
            <td>${one.pausedBy}</td>
            <td class="nowrap">${formats.time(one.pausedAt)}</td>
            <td>${mayResume(one) ? resumeForm(one.scope, name, words) : texts.counts.none}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function resumeForm(scope: string, name: string, { texts }: Words): Html {
  return html`<form method="post" action="/pausas/retomar">
    <button name="escopo" value="${scope}" aria-label="${texts.home.resume}: ${name}">
      ${texts.home.resume}
    </button>
  </form>`;
}

function pauseForm({ texts }: Words): Html {
  const labels = texts.pauses;
  return html`<form class="card" method="post" action="/pausas">
    <h2>${labels.add}</h2>
    <p class="hint">${texts.campaigns.pauseHint}</p>
    <div class="row">
      <label class="field"
        ><span>${labels.scope}</span>
        <select name="tipo">
          ${kinds.map((kind) => html`<option value="${kind}">${labels.kinds[kind]}</option>`)}
        </select></label
      >
      <label class="field"
        ><span>${labels.which}</span> <input name="qual" autocomplete="off" />
        <small>${labels.whichHint}</small></label
      >
    </div>
    <label class="field"
      ><span>${texts.campaigns.reasonLabel}</span>
      <input name="motivo" required maxlength="500" autocomplete="off" />
      <small>${texts.campaigns.reasonHint}</small></label
    >
    <button class="danger">${labels.add}</button>
  </form>`;
}

const pauseFields = z.object({
  tipo: z.enum(kinds),
  qual: z.string().trim().max(100).optional(),
  motivo: reasonText,
});

async function stop({ context, db, words }: PersonRequest): Promise<Done> {
  const { tipo, qual, motivo } = await readForm(context, pauseFields);
  // Nobody stops everything by forgetting which campaign.
  if ((tipo === "all") !== (qual === undefined)) throw new BadInput(["qual"]);
  const scope = tipo === "all" ? tipo : `${tipo}:${qual ?? ""}`;
  await pause(db, scope, motivo);
  return { kind: "went", to: "/pausas", said: words.texts.done.paused(scopeText(scope, words.texts)) };
}

async function go({ context, db, words }: PersonRequest): Promise<Done> {
  const { escopo } = await readForm(context, z.object({ escopo: z.string().max(200) }));
  await resume(db, escopo);
  return { kind: "went", to: "/pausas", said: words.texts.done.resumed(scopeText(escopo, words.texts)) };
}
