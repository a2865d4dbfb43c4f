import { beginList, listUnsent, type List } from "@talkme/outbox/console";
import type { Context, Hono } from "hono";

import type { Database } from "../database/database.ts";
import { languageOf } from "../language/languages.ts";
import { wordsOf, type Words } from "../language/words.ts";
import { ListFileFault } from "../list-file/list-file-fault.ts";
import { readForm, type ListFileForm } from "../list-file/read-list-file.ts";
import type { ListJobs } from "../lists/list-jobs.ts";
import { receiveUpload, type Upload } from "../lists/receive-upload.ts";
import { uploadPath } from "../lists/upload-path.ts";
import { html, type Html } from "../look/html.ts";
import { listFaultText } from "../look/list-fault-text.ts";
import type { Done, PageContent, PersonRequest } from "../requests/person-request.ts";
import type { PersonRequests } from "../requests/person-requests.ts";
import { personSteps } from "../requests/person-steps.ts";

const unsentOnPage = 20;

export interface SendListParts {
  readonly requests: PersonRequests;
  readonly database: Database;
  readonly jobs: ListJobs;
}

/** Where a file is brought in, and the lists that wait to be sent. */
export function routeSendList(app: Hono, { requests, database, jobs }: SendListParts): void {
  app.get(uploadPath, requests.reading(bringIn));
  // The person is known before the file is taken, and no transaction waits for it.
  app.post(uploadPath, async (context, next) => {
    const person = await requests.person(context);
    const words = wordsOf(languageOf(context));
    const received = await receive(context.req.raw);
    if (received instanceof ListFileFault)
      return requests.acting((request) => refuse(request, received))(context, next);
    const { upload, form } = received;
    let list: string | null = null;
    try {
      return await requests.acting(async ({ db }): Promise<Done> => {
        list = await beginList(db, { ...upload, columns: form.columns });
        return { kind: "went", to: `${uploadPath}/${list}`, said: null };
      })(context, next);
    } finally {
      if (list === null) await upload.remove();
      else jobs.read(list, upload, form, personSteps(database, person.name, words.language));
    }
  });
}

interface Received {
  readonly upload: Upload;
  readonly form: ListFileForm;
}

async function receive(request: Context["req"]["raw"]): Promise<Received | ListFileFault> {
  let upload: Upload | null = null;
  try {
    upload = await receiveUpload(request);
    return { upload, form: await readForm(upload.path) };
  } catch (error) {
    await upload?.remove();
    if (error instanceof ListFileFault) return error;
    throw error;
  }
}

async function refuse(request: PersonRequest, fault: ListFileFault): Promise<Done> {
  const { sendList } = request.words.texts;
  const page = await bringIn(request);
  const notice = html`<p class="notice bad" role="alert">
    ${sendList.failed(listFaultText(fault, request.words))}
  </p>`;
  return { kind: "undone", page: { ...page, body: html`${notice} ${page.body}` } };
}

async function bringIn({ db, words }: PersonRequest): Promise<PageContent> {
  const { sendList } = words.texts;
  const lists = await listUnsent(db, unsentOnPage);
  const body = html`<p class="lead">${sendList.lead}</p>
    <form class="card" method="post" action="${uploadPath}" enctype="multipart/form-data">
      <label class="field"
        ><span>${sendList.file}</span>
        <input type="file" name="arquivo" required accept=".csv,.txt,.tsv,text/csv,text/plain" />
        <small>${sendList.fileHint}</small></label
      >
      <button class="primary">${sendList.bringIn}</button>
    </form>
    ${lists.length === 0 ? "" : openLists(lists, words)}`;
  return { title: sendList.title, body };
}

function openLists(lists: readonly List[], { texts, formats }: Words): Html {
  return html`<section>
    <h2>${texts.sendList.open}</h2>
    <ul>
      ${lists.map(
        ({ id, name, createdBy, createdAt }) =>
          html`<li>
            <a href="${uploadPath}/${id}">${name}</a>
            <small>${texts.sendList.by(createdBy, formats.time(createdAt))}</small>
          </li>`,
      )}
    </ul>
  </section>`;
}
