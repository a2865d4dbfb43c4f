import { verdicts, type UnknownRow } from "@talkme/outbox/console";

import { reasonText } from "../language/reasons.ts";
import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { targetText } from "../look/scope-text.ts";

/** Unknown rows one by one, each with what helps to find it in Talk.me. */
export function unknownTable(rows: readonly UnknownRow[], mayDecide: boolean, words: Words): Html {
  return html`<ul class="cards">
    ${rows.map((row) => card(row, mayDecide, words))}
  </ul>`;
}

function card(row: UnknownRow, mayDecide: boolean, words: Words): Html {
  const { texts, formats, language } = words;
  const { unknown } = texts;
  return html`<li class="card">
    <h3>
      <a href="/mensagens/${row.id}">${texts.message.title(row.id)}</a>
      <small>${targetText(row, texts)}</small>
    </h3>
    <dl class="facts">
      <dt>${unknown.recipient}</dt>
      <dd>${row.recipient ?? texts.counts.none}</dd>
      <dt>${unknown.when}</dt>
      <dd>${row.at === null ? texts.counts.none : formats.exactTime(row.at)}</dd>
      <dt>${unknown.saw}</dt>
      <dd>${reasonText(row.errorCode, language)}</dd>
      <dt>${unknown.neighbours}</dt>
      <dd>${neighbours(row, words)}</dd>
    </dl>
    ${mayDecide ? decideForm(row.id, words) : ""}
  </li>`;
}

function neighbours({ sentBefore, sentAfter }: UnknownRow, { texts, formats }: Words): string {
  const { unknown } = texts;
  const parts = [
    sentBefore === null ? null : unknown.before(formats.exactClock(sentBefore)),
    sentAfter === null ? null : unknown.after(formats.exactClock(sentAfter)),
  ].filter((part) => part !== null);
  return parts.length === 0 ? unknown.noNeighbours : parts.join(" · ");
}

/** One decision about one row. */
export function decideForm(id: string, { texts }: Words): Html {
  const { unknown } = texts;
  return html`<details>
    <summary aria-label="${texts.home.decide}: ${texts.message.title(id)}">${texts.home.decide}</summary>
    <form method="post" action="/desconhecidos/${id}">
      <fieldset>
        <legend>${unknown.decideOne}</legend>
        ${verdicts.map(
          (verdict) =>
            html`<label class="choice"
              ><input type="radio" name="decisao" value="${verdict}" required /> ${unknown.verdict[verdict]}
              ${verdict === "resend" ? html`<small>${unknown.resendRisk}</small>` : ""}</label
            >`,
        )}
      </fieldset>
      <label class="field"
        ><span>${unknown.note}</span> <input name="nota" maxlength="500" autocomplete="off"
      /></label>
      <button class="primary">${texts.home.decide}</button>
    </form>
  </details>`;
}
