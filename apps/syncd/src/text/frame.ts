/** The size of a terminal, in characters. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

const home = "\u001B[H";
const clearRestOfLine = "\u001B[K";
const clearBelow = "\u001B[J";

/**
 * A text that replaces the one before it: written over it line by line, to avoid flicker, and cut to the terminal's
 * size, to avoid scrolling. Without a terminal, an empty line separates the texts.
 */
export function frame(text: string, screen: Screen | null): string {
  if (screen === null) return `${text}\n`;
  const lines = text
    .trimEnd()
    .split("\n")
    .slice(0, Math.max(1, screen.rows - 1));
  const shown = lines.map((line) => `${line.slice(0, screen.columns)}${clearRestOfLine}\n`);
  return `${home}${shown.join("")}${clearBelow}`;
}
