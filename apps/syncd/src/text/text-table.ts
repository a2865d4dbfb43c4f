import { printable } from "./printable.ts";

/**
 * A table that ends with a newline; the last column is not padded. Cells may hold any text.
 *
 * @param numbers The columns that are aligned to the right.
 */
export function textTable(
  header: readonly string[],
  cells: readonly (readonly string[])[],
  numbers: ReadonlySet<number> = new Set(),
): string {
  const rows = cells.map((row) => row.map(printable));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const last = header.length - 1;
  const padded = (cell: string, column: number): string => {
    if (numbers.has(column)) return cell.padStart(widths[column] ?? 0);
    return column === last ? cell : cell.padEnd(widths[column] ?? 0);
  };
  const line = (row: readonly string[]): string => row.map(padded).join("  ").trimEnd();
  const rule = widths.map((width, column) => {
    const length = column === last && !numbers.has(column) ? (header[column] ?? "").length : width;
    return (header[column] === "" ? " " : "-").repeat(length);
  });
  return [header, rule, ...rows].map(line).join("\n").concat("\n");
}
