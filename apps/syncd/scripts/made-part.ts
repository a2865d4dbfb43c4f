/**
 * The page with what stands between its two marks replaced.
 *
 * @throws Error where the page has no place for it.
 */
export function withMadePart(page: string, command: string, made: string): string {
  const begin = `<!-- made of the code by: ${command} -->`;
  const end = "<!-- end of what is made -->";
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`The page has no ${begin} and ${end}.`);
  return `${page.slice(0, from)}${begin}\n\n${made}\n\n${page.slice(to)}`;
}

/** As the formatter would have it, so that it finds nothing to change. The first row is the head. */
export function markdownTable(rows: readonly (readonly string[])[], rightAligned: number = -1): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const fill = (cell: string, at: number): string =>
    at === rightAligned ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  const rule = widths.map((width, at) =>
    at === rightAligned ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [head.map(fill), rule, ...body.map((row) => row.map(fill))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
