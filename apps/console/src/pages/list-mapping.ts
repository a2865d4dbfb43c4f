import type { List, ListMessage, ListPreview } from "@talkme/outbox/console";
import { z } from "zod";

import type { Words } from "../language/words.ts";
import { guessColumns } from "../list-file/guess-columns.ts";
import { html, type Html } from "../look/html.ts";
import { idText } from "../requests/input.ts";

/** In the order in which a select offers them. */
const variables = [
  "nome",
  "documento",
  "telefone1",
  "telefone2",
  "telefone3",
  "email",
  "endereco",
  "bairro",
  "cep",
  "cidade",
  "estado",
  "pais",
  "geral1",
  "geral2",
  "geral3",
  "geral4",
  "geral5",
] as const;
const ownFields = ["numero_dest", "email_dest", "dedupe_key", "txtmsg", "assunto"] as const;

/** The form in which a person says what each column is: filled in with what was said before, or guessed. */
export function mappingForm({ id, columns, message }: List, words: Words): Html {
  const { sendList } = words.texts;
  const fields = new Map(
    Object.entries(message?.columns ?? guessColumns(columns)).map(([field, column]) => [column, field]),
  );
  return html`<form class="card" method="post" action="/enviar/${id}/conferir">
    <h2>${sendList.columns}</h2>
    <p class="hint">${sendList.columnsHint}</p>
    <div class="columns">
      ${columns.map(
        (column, i) =>
          html`<label class="field"
            ><span>${column}</span>
            <select name="coluna${i + 1}">
              ${options(fields.get(i + 1) ?? "", words)}
            </select></label
          >`,
      )}
    </div>
    <div class="row">
      <label class="field"
        ><span>${sendList.campaign}</span>
        <input
          name="campanha"
          inputmode="numeric"
          pattern="[1-9][0-9]*"
          required
          autocomplete="off"
          value="${message?.id_campanha ?? ""}"
      /></label>
      <label class="field"
        ><span>${sendList.sendAt}</span>
        <input type="datetime-local" name="quando" value="${localTime(message)}" />
        <small>${sendList.sendAtHint}</small></label
      >
    </div>
    <button class="${message === null ? "primary" : ""}">
      ${message === null ? sendList.check : sendList.checkAgain}
    </button>
  </form>`;
}

function options(chosen: string, { texts }: Words): Html {
  const { sendList } = texts;
  const all: readonly (readonly [string, string])[] = [
    ["", sendList.unused],
    ...ownFields.map((field) => [field, sendList.fields[field]] as const),
    ...variables.map((name) => [name, sendList.variable(name)] as const),
  ];
  return html`${all.map(
    ([field, name]) =>
      html`<option value="${field}" ${field === chosen ? html`selected` : ""}>${name}</option>`,
  )}`;
}

/** São Paulo has had no summer time since 2019, and is three hours behind. */
const offset = "-03:00";

function localTime(message: ListMessage | null): string {
  return message?.send_at?.slice(0, 16) ?? "";
}

const fieldName = z.enum([...ownFields, ...variables]);

export const mappingFields = z
  .looseObject({
    campanha: idText,
    quando: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
      .optional(),
  })
  .transform(({ campanha, quando, ...others }, context): ListMessage => {
    const columns: Record<string, number> = {};
    for (const [name, value] of Object.entries(others)) {
      const number = /^coluna(\d{1,3})$/.exec(name)?.[1];
      if (number === undefined || value === "") continue;
      const field = fieldName.safeParse(value);
      // One field cannot come from two columns.
      if (!field.success || field.data in columns)
        context.addIssue({ code: "custom", path: [name], message: "field" });
      else columns[field.data] = Number(number);
    }
    return {
      id_campanha: Number(campanha),
      columns,
      ...(quando !== undefined && { send_at: `${quando}:00${offset}` }),
    };
  });

/** The first messages as they will be sent. */
export function previewTable(previews: readonly ListPreview[], { texts, formats }: Words): Html {
  const { sendList } = texts;
  if (previews.length === 0) return html``;
  return html`<section>
    <h2>${sendList.preview}</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="${sendList.preview}">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">${sendList.line}</th>
            <th scope="col">${sendList.previewTo}</th>
            <th scope="col">${sendList.previewVariables}</th>
          </tr>
        </thead>
        <tbody>
          ${previews.map(
            ({ line, numeroDest, emailDest, infoContato }) =>
              html`<tr>
                <td class="number">${formats.number(line)}</td>
                <td class="nowrap">${[numeroDest, emailDest].filter((one) => one !== null).join(" · ")}</td>
                <td>
                  ${Object.entries(infoContato ?? {}).map(
                    ([name, value]) => html`<span class="pair"><small>${name}</small> ${value}</span> `,
                  )}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
