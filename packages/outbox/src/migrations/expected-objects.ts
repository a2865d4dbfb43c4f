import { readSqlFiles } from "./sql-files.ts";

/** As in pg_trigger.tgenabled: it fires for applications (O), for replication (R), or for both (A). */
type TriggerMode = "O" | "R" | "A";

interface ExpectedTrigger {
  /** With its schema. */
  readonly table: string;
  readonly name: string;
  readonly mode: TriggerMode;
}

interface ExpectedIndex {
  /** Without its schema. */
  readonly name: string;
  readonly unique: boolean;
}

/** What the migrations have made, as far as anybody could remove or replace it. */
export interface ExpectedObjects {
  readonly triggers: readonly ExpectedTrigger[];
  readonly indexes: readonly ExpectedIndex[];
  /** Tables with row level security. */
  readonly securedTables: readonly string[];
  readonly policies: readonly string[];
  /** By function name: every body that a function of that name may have. */
  readonly functions: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads it in the migrations themselves: there is no list that could be forgotten. Understands only our own SQL; a test compares
 * it with the catalogs of a migrated database.
 */
export async function readExpectedObjects(): Promise<ExpectedObjects> {
  const files = await readSqlFiles();
  return expectedOf(files.map(({ text }) => text).join("\n"));
}

/** @param text All migrations, one after the other. */
function expectedOf(text: string): ExpectedObjects {
  // Ignores what functions create, such as the triggers of captures.
  const outside = text.replaceAll(/\$\$.*?\$\$/gs, "").replaceAll(/--[^\n]*/g, "");
  const triggers = new Map<string, ExpectedTrigger>();
  for (const [, name = "", table = ""] of outside.matchAll(
    /create (?:or replace )?(?:constraint )?trigger (\w+)[^;]*? on (talkme\.\w+)/g,
  ))
    triggers.set(`${table} ${name}`, { table, name, mode: "O" });
  for (const [, table = "", changes = ""] of outside.matchAll(/alter table (talkme\.\w+)([^;]*);/g)) {
    for (const [, mode = "", name = ""] of changes.matchAll(/enable (always |replica |)trigger (\w+)/g))
      triggers.set(`${table} ${name}`, { table, name, mode: modes[mode.trim()] ?? "O" });
  }
  for (const [, name = "", table = ""] of outside.matchAll(
    /drop trigger (?:if exists )?(\w+) on (talkme\.\w+)/g,
  ))
    if (!isMadeAfter(outside, `trigger ${name}`)) triggers.delete(`${table} ${name}`);

  const indexes = new Map<string, ExpectedIndex>();
  for (const [, unique, name = ""] of outside.matchAll(
    /create (unique )?index (?:concurrently )?(?:if not exists )?(\w+) on/g,
  ))
    indexes.set(name, { name, unique: unique !== undefined });
  for (const [, name = ""] of outside.matchAll(/constraint (\w+) (?:primary key|unique)/g))
    indexes.set(name, { name, unique: true });
  for (const [, name = ""] of outside.matchAll(/drop index (?:concurrently )?(?:if exists )?talkme\.(\w+)/g))
    if (!isMadeAfter(outside, `index ${name}`, `index concurrently ${name}`)) indexes.delete(name);

  return {
    triggers: [...triggers.values()],
    indexes: [...indexes.values()],
    securedTables: [...outside.matchAll(/alter table (talkme\.\w+) enable row level security/g)].map(
      ([, table = ""]) => table,
    ),
    policies: [...outside.matchAll(/create policy (\w+) on/g)].map(([, name = ""]) => name),
    functions: functionsOf(text),
  };
}

const modes: Readonly<Record<string, TriggerMode>> = { always: "A", replica: "R" };

/** Whether what was dropped last was created again later. */
function isMadeAfter(text: string, ...names: readonly string[]): boolean {
  const made = Math.max(...names.map((name) => text.lastIndexOf(`create ${name}`)));
  const dropped = Math.max(text.lastIndexOf(`drop ${names[0]}`), ...names.map((name) => dropOf(text, name)));
  return made > dropped;
}

function dropOf(text: string, name: string): number {
  const [kind = "", rest = name] = name.split(/ (?=\w+$)/);
  return Math.max(
    text.lastIndexOf(`drop ${kind} if exists ${rest}`),
    text.lastIndexOf(`drop ${kind} if exists talkme.${rest}`),
    text.lastIndexOf(`drop ${kind} talkme.${rest}`),
  );
}

/** Bodies in dollar quotes; those that PostgreSQL parses at creation cannot be compared as text. */
function functionsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const functions = new Map<string, string[]>();
  for (const [, name = "", , body = ""] of text.matchAll(
    /^create (?:or replace )?(?:function|procedure) talkme\.(\w+)(?:(?!^create )[^$])*?^as (\$\w*\$)(.*?)\2/gms,
  ))
    functions.set(name, [...(functions.get(name) ?? []), body]);
  return functions;
}
