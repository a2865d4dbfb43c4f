/**
 * A comment, a quoted text, a body between `$$` or from `begin atomic` to its `end`, or any other character but the
 * semicolon that ends a statement.
 */
const statement = /(?:--[^\n]*|'[^']*'|\$\$.*?\$\$|^begin atomic$.*?^end(?=;)|[^;])+;/gms;

/** The statements of a migration, each with the comments above it. */
export function splitStatements(text: string): readonly string[] {
  return (text.match(statement) ?? []).map((one) => one.trim());
}
