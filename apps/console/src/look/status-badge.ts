import type { Status } from "@talkme/outbox";

import type { Texts } from "../language/pt-br.ts";
import { html, type Html } from "./html.ts";

/** Shapes besides colours: not everybody tells colours apart. */
const signs: Readonly<Record<Status, string>> = {
  pending: "○",
  sending: "➤",
  sent: "✓",
  failed: "✕",
  unknown: "?",
  expired: "!",
  cancelled: "–",
};

export function statusBadge(status: Status, texts: Texts): Html {
  return html`<span class="badge ${status}"
    ><span aria-hidden="true">${signs[status]}</span> ${texts.status[status]}</span
  >`;
}
