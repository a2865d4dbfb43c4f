import { printable } from "./printable.ts";

/** A table of left-aligned columns that ends with a newline. The last column is not padded. Cells may hold any text. */
export function textTable(header: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(printable));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === header.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width, column) =>
    "-".repeat(column === header.length - 1 ? (header[column] ?? "").length : width),
  );
  return [header, rule, ...rows].map(line).join("\n").concat("\n");
}
