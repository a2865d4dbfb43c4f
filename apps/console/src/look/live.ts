import { html, type Html } from "./html.ts";

/** How often an open page looks again. */
const everySeconds = 15;

/**
 * A part of a page that keeps itself up to date while somebody can see it; without scripts it stays as it is.
 *
 * @param address Of the page itself, which the part is taken from.
 */
export function live(id: string, address: string, content: Html): Html {
  return html`<div
    id="${id}"
    data-live
    data-hx-get="${address}"
    data-hx-trigger="every ${everySeconds}s"
    data-hx-select="#${id}"
    data-hx-target="this"
    data-hx-swap="outerMorph"
  >
    ${content}
  </div>`;
}
