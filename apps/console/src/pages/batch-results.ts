import { exportBatch, readBatch, type BatchResult } from "@talkme/outbox/console";
import type { Context, Hono } from "hono";
import { stream } from "hono/streaming";

import type { Database } from "../database/database.ts";
import { languageOf } from "../language/languages.ts";
import { reasonText } from "../language/reasons.ts";
import { wordsOf } from "../language/words.ts";
import { byteOrderMark, csvLine } from "../look/csv.ts";
import { readId } from "../requests/input.ts";
import type { PersonRequests } from "../requests/person-requests.ts";
import { personSteps, type PersonStep } from "../requests/person-steps.ts";

const rowsAtOnce = 5000;

/** What became of each line of a list, as a file for a spreadsheet. */
export function routeBatchResults(app: Hono, requests: PersonRequests, database: Database): void {
  app.get("/listas/:id/resultado.csv", async (context) => {
    const { name } = await requests.person(context);
    return download(context, personSteps(database, name, languageOf(context)));
  });
}

async function download(context: Context, step: PersonStep): Promise<Response> {
  const id = readId(context);
  const { texts, formats, language } = wordsOf(languageOf(context));
  if ((await step((db) => readBatch(db, id))) === null) return context.notFound();
  const { messages, sendList } = texts;
  context.header("content-type", "text/csv; charset=utf-8");
  context.header("content-disposition", `attachment; filename="lista-${id}-resultado.csv"`);
  return stream(context, async (out) => {
    const heading = [
      sendList.line,
      messages.id,
      messages.recipient,
      messages.status,
      messages.reason,
      messages.ended,
      texts.message.reference,
    ];
    await out.write(byteOrderMark + csvLine(heading));
    for (let after: string | undefined = "0"; after !== undefined;) {
      const from: string = after;
      const rows: readonly BatchResult[] = await step((db) => exportBatch(db, id, from, rowsAtOnce));
      for (const { line, id: row, recipient, status, errorCode, finishedAt, reference } of rows)
        await out.write(
          csvLine([
            line,
            row,
            recipient,
            texts.status[status],
            errorCode === null ? null : reasonText(errorCode, language),
            finishedAt === null ? null : formats.exactTime(finishedAt),
            reference,
          ]),
        );
      after = rows.length < rowsAtOnce ? undefined : rows.at(-1)?.id;
    }
  });
}
