/**
 * A paragraph in lines of at most `columns` characters, broken between words.
 *
 * @param first What stands before its first line; as many spaces stand before the others.
 */
export function wrapped(text: string, columns: number, first = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || first.length + longer.length <= columns) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  const rest = " ".repeat(first.length);
  return [...lines, line].map((one, place) => `${place === 0 ? first : rest}${one}`).join("\n");
}

/** A text that is cut where it is longer, and says so. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1)).trimEnd()}…`;
}
