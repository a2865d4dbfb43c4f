import type { Reason } from "@talkme/outbox/console";

import { reasonText } from "../language/reasons.ts";
import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { statusBadge } from "../look/status-badge.ts";

/**
 * What was not sent, by reason.
 *
 * @param filter Of the messages page, such as `campanha=123`.
 */
export function reasonTable(
  reasons: readonly Reason[],
  filter: string,
  { texts, formats, language }: Words,
): Html {
  if (reasons.length === 0) return html`<p class="empty">${texts.campaigns.noReasons}</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${texts.campaigns.reasons}">
    <table>
      <thead>
        <tr>
          <th scope="col">${texts.campaigns.reason}</th>
          <th scope="col">${texts.messages.status}</th>
          <th scope="col" class="number">${texts.unknown.rows}</th>
        </tr>
      </thead>
      <tbody>
        ${reasons.map(({ status, errorCode, rows }) => {
          const code = errorCode === null ? "" : `&motivo=${encodeURIComponent(errorCode)}`;
          return html`<tr>
            <th scope="row">${reasonText(errorCode, language)}</th>
            <td>${statusBadge(status, texts)}</td>
            <td class="number">
              <a href="/mensagens?${filter}&situacao=${status}${code}">${formats.number(rows)}</a>
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
