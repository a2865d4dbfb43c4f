import type { SentInMinutes } from "@talkme/outbox/console";

import type { Words } from "../language/words.ts";
import { html, type Html } from "./html.ts";

const height = 60;
const step = 10;

/** Bars over time with their numbers as titles; the sum stands beside it in words. */
export function barChart(slices: readonly SentInMinutes[], label: string, { formats }: Words): Html {
  const most = Math.max(1, ...slices.map(({ sent }) => sent));
  const bars = slices.map(({ beginsAt, sent }, place) => {
    const tall = Math.max(sent > 0 ? 2 : 0.5, (height * sent) / most);
    const [x, y] = [place * step + 1, (height - tall).toFixed(1)];
    return html`<rect x="${x}" y="${y}" width="${step - 2}" height="${tall.toFixed(1)}">
      <title>${formats.clock(beginsAt)}: ${formats.number(sent)}</title>
    </rect>`;
  });
  const [first, last] = [slices.at(0), slices.at(-1)];
  return html`<figure class="chart">
    <svg
      viewBox="0 0 ${slices.length * step} ${height}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${label}"
    >
      ${bars}
    </svg>
    <figcaption>
      <span>${first === undefined ? "" : formats.clock(first.beginsAt)}</span>
      <span>${last === undefined ? "" : formats.clock(last.beginsAt)}</span>
    </figcaption>
  </figure>`;
}
