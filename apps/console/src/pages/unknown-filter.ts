import type { UnknownFilter } from "@talkme/outbox/console";
import { z } from "zod";

import { queryText } from "../look/query-text.ts";
import { idText } from "../requests/input.ts";

/** Which unknown rows a page is about, as it stands in the address. */
export const unknownFilter = z.object({
  campanha: idText.optional(),
  canal: idText.optional(),
  lista: idText.optional(),
  motivo: z
    .string()
    .regex(/^\w{1,100}$/)
    .optional(),
});

export function filterOf(given: z.output<typeof unknownFilter>): UnknownFilter {
  return { campaign: given.campanha, channel: given.canal, batch: given.lista, errorCode: given.motivo };
}

/** The same as a query; `more` is added. */
export function filterQuery(filter: UnknownFilter, more: Readonly<Record<string, string>>): string {
  const { campaign, channel, batch, errorCode } = filter;
  return queryText({ campanha: campaign, canal: channel, lista: batch, motivo: errorCode, ...more });
}
