/** A word that stands for a statement, typed alone or with one argument. */
export interface Shortcut {
  /** As in `explain 42`. */
  readonly word: string;
  /** What the argument is called; absent where there is none. */
  readonly argument?: string;
  /** For the list of shortcuts. */
  readonly help: string;
  /** The statement, or what is wrong with the argument. */
  readonly sql: (argument: string) => string | Error;
}

const oneArgument = /^(?<word>\w+)(?:\s+(?<argument>\S+))?$/;

/**
 * The statement of a line that is a shortcut and nothing else.
 *
 * @returns Null where it is none: then it is SQL.
 */
export function readShortcut(line: string, shortcuts: readonly Shortcut[]): string | Error | null {
  const { word, argument = "" } = oneArgument.exec(line.trim().replace(/;$/, ""))?.groups ?? {};
  const found = shortcuts.find((one) => one.word === word?.toLowerCase());
  if (found === undefined) return null;
  if (found.argument === undefined)
    return argument === "" ? found.sql("") : new Error(`${found.word} takes no argument`);
  return argument === "" ? new Error(`write ${usageOf(found)}`) : found.sql(argument);
}

/** As it is typed. */
export function usageOf({ word, argument }: Shortcut): string {
  return argument === undefined ? word : `${word} ${argument}`;
}
