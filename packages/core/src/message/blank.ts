/**
 * Spaces and every other invisible character: zero-width characters, fillers, direction marks, variation selectors, tags.
 * Control characters and line separators are not among them, because they are refused. Spelled out to equal
 * `talkme.is_blank` of `@talkme/outbox`, and not to change with the runtime's version of Unicode.
 */
const invisible = String.raw`\u0020\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}`;
const invisibleOnly = new RegExp(`^[${invisible}]*$`, "u");

/** Whether a text is invisible, and so counts as empty. */
export function isBlank(text: string): boolean {
  return invisibleOnly.test(text);
}
