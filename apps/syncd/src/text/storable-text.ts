/** The most characters that are kept of a foreign text. */
const maxLength = 2048;

/** Makes any text storable in PostgreSQL: its first 2,048 characters, without NUL and lone surrogates. */
export function storableText(text: string): string {
  return text.slice(0, maxLength).replaceAll("\u0000", "\uFFFD").toWellFormed();
}

/** For a database whose encoding lacks characters: replaces what is not ASCII by question marks. */
export function asciiText(text: string | null): string | null {
  return text === null ? null : text.replaceAll(/[^\t\n\r -~]/gu, "?");
}
