import { statuses } from "@talkme/outbox";
import type { AttemptMade, MessageEvent } from "@talkme/outbox/console";

import { actionText } from "../language/actions.ts";
import { reasonText } from "../language/reasons.ts";
import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";

/** The requests that were made for a message. */
export function attemptTable(attempts: readonly AttemptMade[], { texts, formats, language }: Words): Html {
  const { message } = texts;
  if (attempts.length === 0)
    return html`<section>
      <h2>${message.attempts}</h2>
      <p class="empty">${message.noAttempts}</p>
    </section>`;
  return html`<section>
    <h2>${message.attempts}</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="${message.attempts}">
      <table>
        <thead>
          <tr>
            <th scope="col">${message.at}</th>
            <th scope="col">${message.what}</th>
            <th scope="col" class="number">HTTP</th>
            <th scope="col" class="number">${message.took}</th>
            <th scope="col">${message.who}</th>
          </tr>
        </thead>
        <tbody>
          ${attempts.map(
            (attempt) =>
              html`<tr>
                <td class="nowrap">${formats.exactTime(attempt.startedAt)}</td>
                <td>
                  ${message.outcome[attempt.outcome]}
                  ${attempt.errorCode === null ? "" : html`<small>${reasonText(attempt.errorCode, language)}</small>`}
                </td>
                <td class="number">${attempt.httpStatus ?? texts.counts.none}</td>
                <td class="number nowrap">${formats.number(attempt.durationMs)} ms</td>
                <td>${attempt.instance}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** The whole life of a message. */
export function eventTable(events: readonly MessageEvent[], words: Words): Html {
  const { texts, formats } = words;
  const { message } = texts;
  return html`<section>
    <h2>${message.events}</h2>
    <ol class="timeline">
      ${events.map(
        ({ at, event, detail, by }) =>
          html`<li>
            <time datetime="${at.toISOString()}">${formats.exactTime(at)}</time>
            <div>
              <strong>${eventText(event, words)}</strong>
              ${by === null ? "" : html`<span class="by">${by}</span>`}
              ${isByPerson(event) && detail !== null ? html`<small>${detail}</small>` : ""}
            </div>
          </li>`,
      )}
    </ol>
  </section>`;
}

/** What an attempt or an end was about stands above; what a person wrote stands nowhere else. */
function isByPerson(event: string): boolean {
  return (
    event !== "inserted" && !event.startsWith("attempt ") && !statuses.some((status) => status === event)
  );
}

function eventText(event: string, { texts, language }: Words): string {
  const attempt = /^attempt \d+ (?<outcome>accepted|rejected|not_sent|unknown)$/.exec(event)?.groups?.[
    "outcome"
  ];
  for (const [outcome, text] of Object.entries(texts.message.outcome)) if (attempt === outcome) return text;
  const status = statuses.find((one) => one === event);
  return status === undefined ? actionText(event, language) : texts.status[status];
}
