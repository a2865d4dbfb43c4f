/** A result as the server sent it: all values are text. */
export interface SqlResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** More are cut off: this is for a look. */
const mostRows = 200;
const widestCell = 400;

/** As psql shows it. */
export function resultText({ command, rowCount, columns, rows }: SqlResult): string {
  const tag = tagOf(command, rowCount);
  if (columns.length === 0) return tag;
  const cells = rows.slice(0, mostRows).map((row) => row.map(cellText));
  const widths = columns.map(({ name }, index) =>
    Math.max(widthOf(name), ...cells.map((row) => widthOf(row[index] ?? ""))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => {
        const padding = " ".repeat((widths[index] ?? 0) - widthOf(cell));
        return columns[index]?.isNumber === true ? ` ${padding}${cell} ` : ` ${cell}${padding} `;
      })
      .join("|")
      .trimEnd();
  const count = `(${rows.length} ${rows.length === 1 ? "row" : "rows"}${rows.length > mostRows ? `; the first ${mostRows} are shown` : ""})`;
  const lines = [
    line(columns.map(({ name }) => name)),
    widths.map((width) => "-".repeat(width + 2)).join("+"),
    ...cells.map(line),
    count,
    // A statement with RETURNING has both.
    ...(command === "SELECT" ? [] : [tag]),
  ];
  return lines.join("\n");
}

function tagOf(command: string, rowCount: number | null): string {
  if (command === "INSERT") return `INSERT 0 ${rowCount ?? 0}`;
  return rowCount === null ? command : `${command} ${rowCount}`;
}

/** One line, without what a terminal would take for a command. */
function cellText(value: string | null): string {
  if (value === null) return "";
  const text = value.replaceAll(/\p{Cc}/gu, (character) => (character === "\n" ? "↵" : "·"));
  const characters = Array.from(text);
  return characters.length > widestCell ? `${characters.slice(0, widestCell - 1).join("")}…` : text;
}

function widthOf(text: string): number {
  return Array.from(text).length;
}
