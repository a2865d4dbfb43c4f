// oxlint-disable-next-line no-control-regex -- These are the characters to replace.
const controls = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g;

/**
 * Makes a foreign text safe on a terminal: replaces line breaks, which could forge a line, escapes, which could control
 * the terminal, and marks that reverse the direction of text.
 */
export function printable(text: string): string {
  return text.replaceAll(controls, "\uFFFD");
}
