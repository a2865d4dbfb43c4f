import type { Words } from "../language/words.ts";
import { html, type Html } from "./html.ts";

/** Up to so many rows a click is enough; above, the person types how many they are. */
const typedAbove = 100;

/** What a form that acts on many rows asks for: the count itself where it is large, so that nobody confirms without reading it. */
export function confirmCount(count: number, { texts, formats }: Words): Html {
  if (count <= typedAbove) return html`<input type="hidden" name="digitado" value="${count}" />`;
  return html`<label class="field">
    <span>${texts.unknown.typeCount(formats.number(count))}</span>
    <input name="digitado" inputmode="numeric" autocomplete="off" required />
  </label>`;
}

/** Whether what was typed is the count, with or without the points of thousands. */
export function isCount(typed: string, count: number): boolean {
  return typed.replaceAll(/[\s.,]/g, "") === String(count);
}
