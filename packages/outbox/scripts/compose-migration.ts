import { splitStatements } from "../src/migrations/split-statements.ts";
import { dropped, formatMigration, parseMigration, type MigrationSection } from "./migration-sections.ts";
import type { SchemaSource } from "./schema-sources.ts";

/** Statements that bring an object to its new text wherever the old one stands. */
const replacing =
  /^(?:create or replace (?:function|view|trigger)|comment on|grant|revoke|alter table \S+\s+enable (?:always|replica) trigger)\b/;

/**
 * Writes the migration that leads from the released migrations to the sources.
 *
 * A source whose statements can all be run over the old object is taken as it is. For the others, such as tables, the
 * author writes the section by hand: until then it holds a statement that fails and says so. What was written by hand is
 * kept as long as the source does not change again.
 *
 * @param released The released migrations, in their order.
 * @param earlier The text of this migration, where it was written before.
 * @returns null where nothing has changed since.
 */
export function composeMigration(
  sources: readonly SchemaSource[],
  released: readonly string[],
  earlier: string | null,
): string | null {
  const standing = new Map(
    released.flatMap((text) => parseMigration(text).sections).map(({ path, hash }) => [path, hash]),
  );
  const before = parseMigration(earlier ?? "");
  const byHand = ({ path, hash }: Omit<MigrationSection, "body">, what: string): MigrationSection =>
    before.sections.find((section) => section.path === path && section.hash === hash) ?? {
      path,
      hash,
      body: toBeWritten(path, what),
    };

  const changed = sources.filter(({ path, hash }) => standing.get(path) !== hash);
  const gone = [...standing].filter(
    ([path, hash]) => hash !== dropped && sources.every((source) => source.path !== path),
  );
  if (changed.length === 0 && gone.length === 0) return null;

  return formatMigration(before.preface === "" ? usualPreface : before.preface, [
    ...gone.map(([path]) => byHand({ path, hash: dropped }, "drop what it created")),
    ...changed.map(({ path, hash, text }) =>
      !standing.has(path) || canReplace(text)
        ? { path, hash, body: text }
        : byHand({ path, hash }, "bring what is there to what the source now says"),
    ),
  ]);
}

const usualPreface = `-- Made from packages/outbox/sql by "pnpm migration": each section is one source of the schema, or what leads to it.`;

function canReplace(text: string): boolean {
  return splitStatements(text).every((statement) => replacing.test(withoutComments(statement)));
}

function withoutComments(statement: string): string {
  return statement.replace(/^(?:--[^\n]*\n|\s)+/, "");
}

function toBeWritten(path: string, what: string): string {
  return `do $$
begin
  raise exception 'this section is not written yet: ${what} (packages/outbox/sql/${path})';
end
$$;`;
}
