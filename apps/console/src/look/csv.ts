/** What a spreadsheet would take for a formula, unless it is a number or a telephone number. */
const formula = /^[=+\-@\t\r](?![\d ().-]*$)/;

/**
 * A line of a CSV as spreadsheets in Brazil open it: semicolons, everything in quotes. A cell that would run as a formula is made a
 * text by an apostrophe.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  const written = cells.map((cell) => {
    const text = cell === null ? "" : String(cell);
    return `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  });
  return `${written.join(";")}\r\n`;
}

/** Without it Excel takes UTF-8 for windows-1252. */
export const byteOrderMark = "\uFEFF";
