import { DatabaseError } from "pg";

/** An error as psql shows it: the words, the place in the statement, and the hint. */
export function errorText(error: unknown, statement: string): string {
  if (!(error instanceof DatabaseError)) {
    // Several addresses were tried, and each has an error of its own.
    const cause: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
    return `ERROR:  ${cause instanceof Error && cause.message !== "" ? cause.message : String(cause)}`;
  }
  const { severity = "ERROR", message, detail, hint, position } = error;
  return [
    `${severity}:  ${message}`,
    ...placeLines(statement, Number(position ?? 0)),
    ...(detail === undefined ? [] : [`DETAIL:  ${detail}`]),
    ...(hint === undefined ? [] : [`HINT:  ${hint}`]),
  ].join("\n");
}

/** The line of the statement that the error is about, and a caret below it. @param position 1 is the first character. */
function placeLines(statement: string, position: number): readonly string[] {
  if (position < 1) return [];
  const before = Array.from(statement)
    .slice(0, position - 1)
    .join("");
  const number = before.split("\n").length;
  const line = statement.split("\n")[number - 1] ?? "";
  const column = Array.from(before.slice(before.lastIndexOf("\n") + 1)).length;
  const label = `LINE ${number}: `;
  return [`${label}${line}`, `${" ".repeat(label.length + column)}^`];
}
