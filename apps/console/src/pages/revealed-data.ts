import type { Revealed } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";

/** What a reveal shows, and only then. */
export function revealedData(
  { number, address, subject, text, variables }: Revealed,
  { texts }: Words,
): Html {
  const { message } = texts;
  const facts = [
    [message.number, number],
    [message.address, address],
    [message.subject, subject],
    [message.text, text],
    ...Object.entries(variables ?? {}),
  ];
  return html`<section class="card revealed" aria-label="${message.revealed}">
    <h2>${message.revealed}</h2>
    <dl class="facts">
      ${facts.map(([name, value]) =>
        value === null
          ? ""
          : html`<dt>${name}</dt>
              <dd>${value}</dd>`,
      )}
    </dl>
    <p class="hint">${message.revealHint}</p>
  </section>`;
}
