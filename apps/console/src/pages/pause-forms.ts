import type { Pause, Person } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";

interface PauseForms {
  /** The path that `/pausar` and `/retomar` are added to. */
  readonly action: string;
  /** As it is now; null: not paused. */
  readonly pause: Pause | null;
  /** Rows that an accident guard holds. */
  readonly held: number;
  readonly labels: { readonly pause: string; readonly resume: string };
  readonly mayPause: boolean;
}

/** Stops a campaign or list, or lets it go on: only what the person may. */
export function pauseForms(
  { action, pause, held, labels, mayPause }: PauseForms,
  person: Person,
  words: Words,
): Html {
  const { texts, formats } = words;
  const { campaigns, home } = texts;
  const { operator } = person.rights;
  const isOwn = pause?.pausedBy === person.role;
  if (pause !== null) {
    const said = home.pausedBy(pause.pausedBy, formats.time(pause.pausedAt), pause.reason);
    return html`<section class="card">
      <p>${said}</p>
      ${
        mayPause && (operator || isOwn)
          ? html`<form method="post" action="${action}/retomar">
              <button class="primary">${labels.resume}</button>
            </form>`
          : html`<p class="hint">${campaigns.stoppedByOther(pause.pausedBy)}</p>`
      }
    </section>`;
  }
  if (!mayPause) return html``;
  return html`<section class="card">
    ${
      held > 0 && operator
        ? html`<form method="post" action="${action}/retomar">
            <button class="primary">${campaigns.release}</button>
          </form>`
        : ""
    }
    <details>
      <summary>${labels.pause}</summary>
      <form method="post" action="${action}/pausar">
        <p class="hint">${campaigns.pauseHint}</p>
        <label class="field"
          ><span>${campaigns.reasonLabel}</span>
          <input name="motivo" required maxlength="500" autocomplete="off" />
          <small>${campaigns.reasonHint}</small></label
        >
        <button class="danger">${labels.pause}</button>
      </form>
    </details>
  </section>`;
}
