/** A comment, a quoted text, a body between `$$`, or any other character but the semicolon that ends a statement. */
const statement = /(?:--[^\n]*|'[^']*'|\$\$.*?\$\$|[^;])+;/gs;

/** The statements of a migration, each with the comments above it. */
export function splitStatements(text: string): readonly string[] {
  return (text.match(statement) ?? []).map((one) => one.trim());
}
