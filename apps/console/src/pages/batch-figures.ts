import type { Batch } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { figures } from "../look/figures.ts";
import type { Html } from "../look/html.ts";

/** The exact counts of a batch, each with its rows behind it. */
export function batchFigures(batch: Batch, words: Words): Html {
  const { counts, batches } = words.texts;
  const to = (status: string): string => `/mensagens?lista=${batch.id}&situacao=${status}`;
  return figures(
    [
      { name: batches.rows, value: batch.rows, to: `/mensagens?lista=${batch.id}` },
      { name: counts.sent, value: batch.sent, tone: "good", to: to("sent") },
      { name: counts.pending, value: batch.pending, to: to("pending") },
      { name: counts.held, value: batch.held, tone: "warn", to: to("pending") },
      { name: counts.sending, value: batch.sending, to: to("sending") },
      { name: counts.failed, value: batch.failed, tone: "bad", to: to("failed") },
      { name: counts.unknown, value: batch.unknown, tone: "warn", to: `/desconhecidos?lista=${batch.id}` },
      { name: counts.expired, value: batch.expired, to: to("expired") },
      { name: counts.cancelled, value: batch.cancelled, to: to("cancelled") },
    ],
    words,
  );
}
