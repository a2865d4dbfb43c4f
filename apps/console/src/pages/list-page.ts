import {
  correctLine,
  countList,
  dropList,
  listLines,
  listProblems,
  previewList,
  readList,
  type List,
  type ListCounts,
} from "@talkme/outbox/console";
import type { Context, Hono } from "hono";
import { stream } from "hono/streaming";
import { z } from "zod";

import { languageOf } from "../language/languages.ts";
import { wordsOf, type Words } from "../language/words.ts";
import type { ListJob } from "../lists/list-jobs.ts";
import { ListFileFault } from "../list-file/list-file-fault.ts";
import { confirmCount, isCount } from "../look/confirm-count.ts";
import { byteOrderMark, csvLine } from "../look/csv.ts";
import { figures } from "../look/figures.ts";
import { html, type Html } from "../look/html.ts";
import { listFaultText } from "../look/list-fault-text.ts";
import { idText, readForm, readId, readQuery } from "../requests/input.ts";
import type { Done, PageContent, PersonRequest } from "../requests/person-request.ts";
import { personSteps, type PersonStep } from "../requests/person-steps.ts";
import { badLines, problemTable } from "./list-lines-table.ts";
import { mappingFields, mappingForm, previewTable } from "./list-mapping.ts";
import type { SendListParts } from "./send-list-page.ts";

const linesOnPage = 20;
const linesOfDownload = 5000;

/** One list before it is sent: what its columns are, what is wrong with its lines, and the confirmation. */
export function routeList(app: Hono, parts: SendListParts): void {
  const { requests, jobs } = parts;
  const stepsOf = ({ person, words }: PersonRequest): PersonStep =>
    personSteps(parts.database, person.name, words.language);
  const show = (request: PersonRequest): Promise<PageContent> =>
    listPage(request, jobs.of(readId(request.context)));

  app.get("/enviar/:id", requests.reading(show));
  app.get("/enviar/:id/problemas.csv", async (context) => {
    const { name } = await requests.person(context);
    return download(context, personSteps(parts.database, name, languageOf(context)));
  });
  app.post("/enviar/:id/conferir", async (context, next) => {
    const message = await readForm(context, mappingFields);
    return requests.acting(async (request) => {
      const id = await ownId(request.db, context);
      jobs.check(id, message, stepsOf(request));
      return went(id);
    })(context, next);
  });
  app.post("/enviar/:id/linhas/:linha", requests.acting(correct));
  app.post(
    "/enviar/:id/confirmar",
    requests.acting(async (request) => {
      const { context, db, words } = request;
      const id = await ownId(db, context);
      const { contadas, digitado, nome, denovo } = await readForm(context, sendFields);
      if (!isCount(digitado, contadas)) {
        const wrong = words.texts.unknown.wrongCount(words.formats.number(contadas));
        return { kind: "undone", page: await listPage(request, { kind: "failed", why: { message: wrong } }) };
      }
      jobs.send(id, { confirmed: contadas, name: nome, again: denovo === "sim" }, stepsOf(request));
      return went(id);
    }),
  );
  app.post("/enviar/:id/apagar", requests.acting(drop));
}

function went(id: string): Done {
  return { kind: "went", to: `/enviar/${id}`, said: null };
}

/** Of a list that the person may see; the database looks again at what they do with it. */
async function ownId(db: PersonRequest["db"], context: Context): Promise<string> {
  const id = readId(context);
  // Raises the refusal of the function where there is no such list.
  if ((await readList(db, id)) === null) await countList(db, id);
  return id;
}

const sendFields = z.object({
  contadas: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number),
  digitado: z.string().max(20).default(""),
  nome: z.string().trim().min(1).max(200),
  denovo: z.literal("sim").optional(),
});

async function listPage(request: PersonRequest, job: ListJob | null): Promise<PageContent> {
  const { context, db, words } = request;
  const { sendList } = words.texts;
  const id = readId(context);
  const list = await readList(db, id);
  if (list === null) {
    const why = job?.kind === "failed" ? failure(job, words) : html`<p class="empty">${sendList.missing}</p>`;
    return { title: sendList.title, body: html`${why} ${backLink(words)}`, status: 404 };
  }
  const title = sendList.list(list.name);
  if (list.batchId !== null)
    return {
      title,
      body: html`<p class="notice good">${sendList.sent}</p>
        <p><a class="button primary" href="/listas/${list.batchId}">${sendList.toBatch}</a></p>`,
    };
  if (job !== null && job.kind !== "failed") return { title, body: progress(id, job, words) };
  const failed = job === null ? "" : failure(job, words);
  const dropping = html`<form method="post" action="/enviar/${id}/apagar">
    <button class="plain">${sendList.drop}</button>
  </form>`;
  if (!list.complete)
    return {
      title,
      body: html`${failed}
        <p class="notice bad">${sendList.interrupted}</p>
        ${dropping}`,
    };
  return { title, body: html`${failed} ${await checked(request, list)} ${dropping}` };
}

function backLink({ texts }: Words): Html {
  return html`<p><a class="button" href="/enviar">${texts.sendList.title}</a></p>`;
}

function failure(job: ListJob & { kind: "failed" }, words: Words): Html {
  const { sendList } = words.texts;
  const why =
    job.why === null
      ? sendList.defect
      : job.why instanceof ListFileFault
        ? listFaultText(job.why, words)
        : job.why.message.replace(/[.]?$/, ".");
  return html`<p class="notice bad" role="alert">${sendList.failed(why)}</p>`;
}

/** Looks again by itself; without scripts the person does. */
function progress(id: string, job: ListJob, { texts, formats }: Words): Html {
  const { sendList } = texts;
  const said =
    job.kind === "reading"
      ? sendList.reading(formats.number(job.lines))
      : job.kind === "checking"
        ? sendList.checking
        : sendList.sending;
  return html`<div
    id="job"
    data-hx-get="/enviar/${id}"
    data-hx-trigger="every 1s"
    data-hx-select="main"
    data-hx-target="main"
    data-hx-swap="outerHTML"
  >
    <p role="status">${said}</p>
    ${
      job.kind === "reading"
        ? html`<progress max="1" value="${job.share}" aria-label="${said}"></progress>`
        : html`<progress aria-label="${said}"></progress>`
    }
  </div>`;
}

async function checked({ context, db, words }: PersonRequest, list: List): Promise<Html> {
  const { sendList } = words.texts;
  const { formats } = words;
  const { depois } = readQuery(
    context,
    z.object({
      depois: z
        .string()
        .regex(/^\d{1,9}$/)
        .optional(),
    }),
  );
  const counts = await countList(db, list.id);
  const mapping = mappingForm(list, words);
  if (list.message === null)
    return html`<p class="lead">${formats.number(counts.lines)} ${sendList.counts.lines.toLowerCase()}</p>
      ${mapping}`;

  const problems = await listProblems(db, list.id);
  const lines = await listLines(db, list.id, {
    onlyBad: true,
    after: Number(depois ?? 0),
    limit: linesOnPage,
  });
  const last = lines.at(-1)?.line;
  return html`${figures(
    [
      { name: sendList.counts.lines, value: counts.lines },
      { name: sendList.counts.good, value: counts.good, tone: "good" },
      { name: sendList.counts.bad, value: counts.bad, tone: "bad" },
      { name: sendList.counts.leftOut, value: counts.leftOut },
    ],
    words,
  )}
  ${list.checkedAt === null ? html`<p class="notice">${sendList.changed}</p>` : confirmForm(list, counts, words)}
  ${previewTable(await previewList(db, list.id), words)}
  ${
    problems.length === 0
      ? ""
      : html`<section>
          <h2>${sendList.problems}</h2>
          ${problemTable(problems, lines, words)}
          <p><a class="button" href="/enviar/${list.id}/problemas.csv">${sendList.download}</a></p>
          <h3>${sendList.badLines}</h3>
          ${badLines(list, lines, words)}
          ${
            new Set(lines.map(({ line }) => line)).size < linesOnPage || last === undefined
              ? ""
              : html`<p>
                  <a class="button" href="/enviar/${list.id}?depois=${last}">${sendList.moreLines}</a>
                </p>`
          }
        </section>`
  }
  ${mapping}`;
}

function confirmForm(list: List, { good, bad }: ListCounts, words: Words): Html {
  const { sendList, batches } = words.texts;
  const { formats } = words;
  if (good === 0) return html`<p class="notice bad">${sendList.noneGood}</p>`;
  return html`<form class="card" method="post" action="/enviar/${list.id}/confirmar">
    <h2>${sendList.confirmTitle}</h2>
    <p class="hint">${sendList.confirmHint(formats.number(bad))}</p>
    <label class="field"
      ><span>${batches.name}</span>
      <input
        name="nome"
        required
        maxlength="200"
        autocomplete="off"
        value="${list.name.replace(/\.[a-z]{3}$/i, "")}"
    /></label>
    ${
      list.sentBefore === null
        ? ""
        : html`<label class="notice bad"
            ><input type="checkbox" name="denovo" value="sim" required />
            ${sendList.again(list.sentBefore)}</label
          >`
    }
    <input type="hidden" name="contadas" value="${good}" />
    ${confirmCount(good, words)}
    <button class="primary">${sendList.confirm(formats.number(good), good === 1)}</button>
  </form>`;
}

async function correct({ context, db }: PersonRequest): Promise<Done> {
  const id = readId(context);
  const form = await readForm(context, z.looseObject({ feito: z.enum(["gravar", "tirar", "voltar"]) }));
  const line = Number(idText.parse(context.req.param("linha")));
  if (form.feito === "gravar") {
    const list = await readList(db, id);
    const cells = (list?.columns ?? []).map((_, i) => {
      const cell = form[`celula${i + 1}`];
      return typeof cell === "string" ? cell : "";
    });
    await correctLine(db, id, line, { cells });
  } else await correctLine(db, id, line, { leftOut: form.feito === "tirar" });
  return went(id);
}

async function drop({ context, db, words }: PersonRequest): Promise<Done> {
  await dropList(db, readId(context));
  return { kind: "went", to: "/enviar", said: words.texts.sendList.dropped };
}

/** The bad lines as they were read, and why, for whoever corrects them in a spreadsheet. */
async function download(context: Context, step: PersonStep): Promise<Response> {
  const id = readId(context);
  const { sendList } = wordsOf(languageOf(context)).texts;
  const list = await step((db) => readList(db, id));
  if (list === null) return context.notFound();
  context.header("content-type", "text/csv; charset=utf-8");
  context.header("content-disposition", `attachment; filename="lista-${id}-problemas.csv"`);
  return stream(context, async (out) => {
    await out.write(byteOrderMark + csvLine([sendList.line, sendList.reason, ...list.columns]));
    for (let after: number | undefined = 0; after !== undefined;) {
      const from: number = after;
      const lines = await step((db) =>
        listLines(db, id, { onlyBad: true, after: from, limit: linesOfDownload }),
      );
      for (const [line, problems] of Map.groupBy(lines, (one) => one.line)) {
        const reasons = problems.map(({ message, code }) => message ?? code).join(" ");
        await out.write(csvLine([line, reasons, ...(problems[0]?.cells ?? [])]));
      }
      after = lines.at(-1)?.line;
    }
  });
}
