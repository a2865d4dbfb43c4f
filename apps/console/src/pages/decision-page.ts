import {
  countUnknown,
  decideMany,
  verdicts,
  type UnknownFilter,
  type UnknownKind,
} from "@talkme/outbox/console";
import type { Hono } from "hono";
import { z } from "zod";

import { reasonText } from "../language/reasons.ts";
import type { Words } from "../language/words.ts";
import { confirmCount, isCount } from "../look/confirm-count.ts";
import { countText } from "../look/count-text.ts";
import { html, type Html } from "../look/html.ts";
import { targetText } from "../look/scope-text.ts";
import { noteText, readForm, readQuery } from "../requests/input.ts";
import type { Done, PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";
import { filterOf, unknownFilter } from "./unknown-filter.ts";

const form = unknownFilter.extend({
  decisao: z.enum(verdicts),
  nota: noteText,
  contadas: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
  ate: z.iso.datetime().transform((text) => new Date(text)),
  digitado: z.string().max(20).default(""),
});

/**
 * Decides about all rows of a filter: counted first, and confirmed by typing the count where it is large. Rows that became unknown
 * after the count are not touched; if the count is not the same any more, nothing is.
 */
export function routeDecision(app: Hono, requests: PersonRequests): void {
  app.get("/desconhecidos/decidir", requests.reading(ask));
  app.post("/desconhecidos/decidir", requests.acting(decide));
}

async function ask({ context, db, words }: PersonRequest): Promise<PageContent> {
  return confirmation(await countIn(db, filterOf(readQuery(context, unknownFilter))), null, words);
}

interface Counted {
  readonly filter: UnknownFilter;
  readonly kinds: readonly UnknownKind[];
  readonly count: number;
}

async function countIn(db: PersonRequest["db"], filter: UnknownFilter): Promise<Counted> {
  const kinds = await countUnknown(db, filter);
  return { filter, kinds, count: kinds.reduce((sum, { rows }) => sum + rows, 0) };
}

function confirmation({ filter, kinds, count }: Counted, problem: string | null, words: Words): PageContent {
  const { texts, formats, language } = words;
  const { unknown } = texts;
  const title = unknown.confirmTitle;
  if (count === 0) return { title, body: html`<p class="notice good">${unknown.empty}</p>` };
  // To the millisecond, as the database keeps more: the next one, so that the newest counted row is not left out.
  const last = Math.max(...kinds.map(({ lastAt }) => lastAt?.getTime() ?? 0)) + 1;
  const target = { campaign: filter.campaign ?? null, channel: filter.channel ?? null };
  const scope = target.campaign === null && target.channel === null ? unknown.all : targetText(target, texts);
  const hidden = {
    campanha: filter.campaign,
    canal: filter.channel,
    lista: filter.batch,
    motivo: filter.errorCode,
  };
  const body = html`${problem === null ? "" : html`<p class="notice bad" role="alert">${problem}</p>`}
    <p class="lead">${unknown.counted(formats.number(count), count === 1)}</p>
    <dl class="facts">
      <dt>${texts.messages.campaign}</dt>
      <dd>${scope}</dd>
      <dt>${unknown.saw}</dt>
      <dd>${filter.errorCode === undefined ? unknown.all : reasonText(filter.errorCode, language)}</dd>
      ${
        filter.batch === undefined
          ? ""
          : html`<dt>${texts.messages.batch}</dt>
              <dd>${filter.batch}</dd>`
      }
    </dl>
    <form class="card" method="post" action="/desconhecidos/decidir">
      ${Object.entries(hidden).map(([name, value]) =>
        value === undefined ? "" : html`<input type="hidden" name="${name}" value="${value}" />`,
      )}
      <input type="hidden" name="contadas" value="${count}" />
      <input type="hidden" name="ate" value="${new Date(last).toISOString()}" />
      ${confirmCount(count, words)}
      <label class="field"
        ><span>${unknown.note}</span> <input name="nota" maxlength="500" autocomplete="off"
      /></label>
      <p class="hint">${unknown.resendRisk}</p>
      <div class="buttons">${verdicts.map((verdict) => verdictButton(verdict, words))}</div>
    </form>`;
  return { title, body };
}

function verdictButton(verdict: (typeof verdicts)[number], { texts }: Words): Html {
  const tone = verdict === "resend" ? "danger" : "";
  return html`<button class="${tone}" name="decisao" value="${verdict}">
    ${texts.unknown.confirm[verdict]}
  </button>`;
}

async function decide({ context, db, words }: PersonRequest): Promise<Done> {
  const { texts, formats } = words;
  const { decisao, nota, contadas, ate, digitado, ...given } = await readForm(context, form);
  const filter = filterOf(given);
  // Before anything is done: afterwards none of them is unknown any more.
  const counted = await countIn(db, filter);
  const again = (problem: string): Done => ({ kind: "undone", page: confirmation(counted, problem, words) });
  if (!isCount(digitado, contadas)) return again(texts.unknown.wrongCount(formats.number(contadas)));
  if (counted.count !== contadas) return again(texts.unknown.changed);
  const { done, left } = await decideMany(db, filter, ate, decisao, nota);
  if (done + left !== contadas) return again(texts.unknown.changed);
  const said = texts.done.decided(countText(done, words), formats.number(left));
  return { kind: "went", to: "/desconhecidos", said };
}
