import type { List, ListLine, ListProblem } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";

/** What the check found, the most frequent first, each in the words of its first line. */
export function problemTable(
  problems: readonly ListProblem[],
  lines: readonly ListLine[],
  { texts, formats }: Words,
): Html {
  const { sendList } = texts;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${sendList.problems}">
    <table>
      <thead>
        <tr>
          <th scope="col">${sendList.problem}</th>
          <th scope="col" class="number">${sendList.counts.lines}</th>
          <th scope="col" class="number">${sendList.firstLine}</th>
        </tr>
      </thead>
      <tbody>
        ${problems.map(
          ({ code, lines: count, firstLine }) =>
            html`<tr>
              <th scope="row">
                ${lines.find((line) => line.code === code)?.message ?? code} <small>${code}</small>
              </th>
              <td class="number">${formats.number(count)}</td>
              <td class="number">${formats.number(firstLine)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Bad lines, one below the other, each with a form that corrects it. */
export function badLines({ id, columns }: List, lines: readonly ListLine[], { texts, formats }: Words): Html {
  const { sendList } = texts;
  const byLine = Map.groupBy(lines, ({ line }) => line);
  return html`${[...byLine].map(([line, problems]) => {
    const cells = problems[0]?.cells ?? [];
    const leftOut = problems[0]?.leftOut ?? false;
    return html`<details class="card">
      <summary>
        ${sendList.line} ${formats.number(line)}:
        ${problems.map(({ message, code }) => message ?? code).join(" ")}
      </summary>
      <form method="post" action="/enviar/${id}/linhas/${line}">
        <div class="columns">
          ${columns.map(
            (column, i) =>
              html`<label class="field"
                ><span>${column}</span>
                <input name="celula${i + 1}" value="${cells[i] ?? ""}" autocomplete="off" maxlength="5000"
              /></label>`,
          )}
        </div>
        <button name="feito" value="gravar">${sendList.save}</button>
        <button name="feito" value="${leftOut ? "voltar" : "tirar"}" class="plain">
          ${leftOut ? sendList.putBack : sendList.leaveOut}
        </button>
      </form>
    </details>`;
  })}`;
}
