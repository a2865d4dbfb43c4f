/** The most that is kept of a text from outside, in characters. */
const maxLength = 2048;

/** Makes any text one that PostgreSQL stores: its first 2,048 characters, without NUL and lone surrogates. */
export function storableText(text: string): string {
  return text.slice(0, maxLength).replaceAll("\u0000", "\uFFFD").toWellFormed();
}

/** The same in a database whose encoding has not every character: what is not ASCII becomes a question mark. */
export function asciiText(text: string | null): string | null {
  return text === null ? null : text.replaceAll(/[^\t\n\r -~]/gu, "?");
}
