import type { Words } from "../language/words.ts";
import { html, type Html } from "./html.ts";

export interface Figure {
  readonly name: string;
  /** Null is not known. */
  readonly value: number | null;
  readonly isEstimate?: boolean;
  /** Draws the eye where it is above zero. */
  readonly tone?: "warn" | "bad" | "good";
  /** Where the rows behind it are. */
  readonly to?: string;
}

/** Numbers with their names, side by side. */
export function figures(all: readonly Figure[], { texts, formats }: Words): Html {
  const items = all.map(({ name, value, isEstimate = false, tone, to }) => {
    const shown = value === null ? texts.counts.none : formats.number(value);
    const number = to === undefined || value === 0 ? shown : html`<a href="${to}">${shown}</a>`;
    return html`<div class="figure ${value !== null && value > 0 ? (tone ?? "") : ""}">
      <dt>${name}</dt>
      <dd>${isEstimate ? html`<abbr title="${texts.counts.estimate}">≈</abbr> ` : ""}${number}</dd>
    </div>`;
  });
  return html`<dl class="figures">${items}</dl>`;
}
