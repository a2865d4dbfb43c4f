// oxlint-disable-next-line no-control-regex -- They are what is looked for.
const controls = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

/**
 * A text of somebody else's on a terminal: without line breaks that would forge a line, without escapes that would
 * do something, and without marks that turn the direction of what follows.
 */
export function printable(text: string): string {
  return text.replaceAll(controls, "\uFFFD");
}
