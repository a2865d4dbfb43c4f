import type { LaneCounts } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { html, type Html } from "../look/html.ts";
import { shareBar } from "../look/share-bar.ts";
import { targetText } from "../look/scope-text.ts";

/** Campaigns side by side: a row for each account, campaign and channel. */
export function campaignTable(lanes: readonly LaneCounts[], words: Words): Html {
  const { texts } = words;
  const { counts, campaigns } = texts;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${campaigns.title}">
    <table>
      <thead>
        <tr>
          <th scope="col">${campaigns.campaign}</th>
          <th scope="col">${campaigns.state}</th>
          <th scope="col" class="number">${counts.pending}</th>
          <th scope="col" class="number">${counts.held}</th>
          <th scope="col" class="number">${counts.sent}</th>
          <th scope="col" class="number">${counts.failed}</th>
          <th scope="col" class="number">${counts.unknown}</th>
        </tr>
      </thead>
      <tbody>
        ${lanes.map((lane) => row(lane, words))}
      </tbody>
    </table>
  </div>`;
}

function row(lane: LaneCounts, words: Words): Html {
  const { texts, formats } = words;
  const { campaign, channel, account, name, pending, sent, failed, unknown } = lane;
  const title = name ?? targetText(lane, texts);
  const below = [
    name === null ? null : targetText(lane, texts),
    campaign === null || channel === null ? null : texts.channel(channel),
    account === null || account === "default" ? null : texts.account(account),
  ].filter((part) => part !== null);
  const number = (value: number | null): Html =>
    html`<td class="number ${value === 0 ? "zero" : ""}">
      ${value === null ? texts.counts.none : formats.number(value)}
    </td>`;
  return html`<tr>
    <th scope="row">
      ${campaign === null ? title : html`<a href="/campanhas/${campaign}">${title}</a>`}
      ${below.length === 0 ? "" : html`<small>${below.join(" · ")}</small>`}
      ${shareBar({ sent: sent ?? 0, failed, unknown, rest: pending + lane.sending })}
    </th>
    <td>${stateText(lane, words)}</td>
    ${number(pending)} ${number(lane.held)}
    <td class="number">
      ${sent === null ? texts.counts.none : formats.number(sent)}
      ${lane.sentIsEstimate ? html`<abbr title="${texts.counts.estimate}">≈</abbr>` : ""}
    </td>
    ${number(failed)} ${number(unknown)}
  </tr>`;
}

/** What a campaign is doing, in a few words. */
export function stateText(lane: LaneCounts, { texts, formats }: Words): string {
  const { campaigns } = texts;
  if (lane.paused) return campaigns.paused;
  if (lane.pending - lane.held + lane.sending === 0) return campaigns.idle;
  if (lane.opensAt !== null) return campaigns.waitsForWindow(formats.time(lane.opensAt));
  return campaigns.running;
}
