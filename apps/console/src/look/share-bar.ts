import type { Words } from "../language/words.ts";
import { html, type Html } from "./html.ts";

export interface Share {
  readonly sent: number;
  readonly failed: number;
  readonly unknown: number;
  readonly rest: number;
}

/** How far something is, as one bar; the numbers stand beside it in words, so it is decoration. */
export function shareBar({ sent, failed, unknown, rest }: Share): Html {
  const total = Math.max(1, sent + failed + unknown + rest);
  let x = 0;
  const parts = Object.entries({ sent, failed, unknown }).map(([kind, count]) => {
    const width = (100 * count) / total;
    const rect = html`<rect
      class="${kind}"
      x="${x.toFixed(2)}"
      y="0"
      width="${width.toFixed(2)}"
      height="8"
    ></rect>`;
    x += width;
    return rect;
  });
  return html`<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    ${parts}
  </svg>`;
}

/** The share that has ended one way or another. */
export function doneShare({ sent, failed, unknown, rest }: Share, { formats }: Words): string {
  const done = sent + failed + unknown;
  return formats.percent(done + rest === 0 ? 1 : done / (done + rest));
}
