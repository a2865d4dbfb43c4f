/** A fenced SQL block of a Markdown page. */
export interface SqlBlock {
  readonly sql: string;
  /** Where it begins, for failure messages. */
  readonly line: number;
  /** What refuses it: the first constraint or SQLSTATE named after a block marked `sql refused`; null: it succeeds. */
  readonly refusedBy: string | null;
}

/** The SQL blocks of a Markdown page, in order. */
export function sqlBlocks(markdown: string): readonly SqlBlock[] {
  return [...markdown.matchAll(/^```sql( refused)?\n(.*?)^```$/gms)].map((match) => {
    const [whole, refused, sql = ""] = match;
    const line = markdown.slice(0, match.index).split("\n").length;
    if (refused === undefined) return { sql, line, refusedBy: null };
    const after = markdown.slice(match.index + whole.length);
    const refusedBy = /^(?:Constraint|SQLSTATE) `(\w+)`/m.exec(after)?.[1];
    if (refusedBy === undefined)
      throw new Error(`The refused block at line ${line} names no constraint and no SQLSTATE.`);
    return { sql, line, refusedBy };
  });
}
