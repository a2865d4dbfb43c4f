import { seesEverything, type MessageRow, type Person } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { decideForm } from "./unknown-table.ts";

/** What the person may do with a message in its state; nothing is shown that the database would refuse. */
export function messageActions(row: MessageRow, { role, rights }: Person, words: Words): Html {
  const { message, status } = words.texts;
  const mayCancel = row.status === "pending" && (rights.operator || row.createdBy === role);
  const mayRetry = rights.operator && ["failed", "expired", "cancelled"].includes(row.status);
  const mayReveal = seesEverything(rights);
  const mayDecide = rights.operator && row.status === "unknown";
  if (!mayCancel && !mayRetry && !mayReveal && !mayDecide) return html``;
  return html`<section class="card actions" aria-label="${status[row.status]}">
    ${mayDecide ? decideForm(row.id, words) : ""}
    ${mayCancel ? form(row.id, "cancelar", message.cancel, { tone: "danger", isNeeded: false }, words) : ""}
    ${mayRetry ? form(row.id, "repetir", message.retry, { tone: "primary", isNeeded: false }, words) : ""}
    ${mayReveal ? form(row.id, "revelar", message.reveal, { tone: "", isNeeded: true }, words) : ""}
  </section>`;
}

function form(
  id: string,
  path: "cancelar" | "repetir" | "revelar",
  name: string,
  { tone, isNeeded }: { readonly tone: "danger" | "primary" | ""; readonly isNeeded: boolean },
  { texts }: Words,
): Html {
  const { message } = texts;
  return html`<details>
    <summary>${name}</summary>
    <form method="post" action="/mensagens/${id}/${path}">
      <label class="field"
        ><span>${isNeeded ? message.revealReason : message.reason}</span>
        <input name="motivo" maxlength="500" autocomplete="off" ${isNeeded ? "required" : ""} />
        ${isNeeded ? html`<small>${message.revealHint}</small>` : ""}</label
      >
      <button class="${tone}">${name}</button>
    </form>
  </details>`;
}
