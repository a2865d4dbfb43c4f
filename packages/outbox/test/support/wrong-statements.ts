import { runPsql } from "@talkme/test-debian/vitest";
import type { TestContext } from "vitest";

/** A row of the guide's table of wrong statements. */
export interface WrongStatement {
  readonly sql: string;
  readonly sqlState: string;
  /** Empty if no constraint is named. */
  readonly constraint: string;
  /** As psql shows it; `…` stands for what varies. */
  readonly message: string;
}

/** The rows of the table whose first column is headed `statement`. */
export function wrongStatements(markdown: string): readonly WrongStatement[] {
  const table = /^\| statement .*\n\| -.*\n((?:\|.*\n)+)/m.exec(markdown)?.[1] ?? "";
  return [...table.matchAll(/^\| `(.+?)` +\| (\S+) +\|(?: `(\w+)`)? +\| (.+?) +\|$/gm)].map(
    ([, sql = "", sqlState = "", constraint = "", message = ""]) => ({ sql, sqlState, constraint, message }),
  );
}

/** How many rows that table has, well-formed or not. */
export function countTableRows(markdown: string): number {
  const table = /^\| statement .*\n\| -.*\n((?:\|.*\n)+)/m.exec(markdown)?.[1] ?? "";
  return table.split("\n").length - 1;
}

/** Runs the statements through psql one by one, and returns psql's message for each. */
export async function refusalsByPsql(
  context: Pick<TestContext, "skip">,
  databaseUrl: string,
  statements: readonly string[],
): Promise<readonly Omit<WrongStatement, "sql">[]> {
  const marker = "---- the next statement ----";
  const script = statements.map((sql) => `${sql};\n\\warn '${marker}'\n`);
  const settings = "\\set VERBOSITY verbose\n\\encoding UTF8\n";
  const { err } = await runPsql(context, databaseUrl, [settings, ...script].join(""));
  return err
    .split(`${marker}\n`)
    .slice(0, statements.length)
    .map((said) => {
      const [, sqlState = "", message = "no error"] = /ERROR: {2}(\w{5}): (.*)/.exec(said) ?? [];
      const constraint = /CONSTRAINT NAME: {2}(\S+)/.exec(said)?.[1] ?? "";
      return { sqlState, constraint, message };
    });
}
