import { sql } from "kysely";

import { TestOutbox } from "./outbox.ts";

/** The sentences for people, by key and language. */
type Phrases = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Spoken {
  readonly phrases: Phrases;
  /** The texts of the schema's functions and views by their names, but for the catalogue itself. */
  readonly texts: ReadonlyMap<string, string>;
}

let read: Promise<Spoken> | null = null;

/** The catalogue and what speaks: read once for all tests of a file. */
export async function readSpoken(): Promise<Spoken> {
  read ??= (async () => {
    const { db } = await TestOutbox.open();
    const catalogue = await sql<{ phrases: Phrases }>`select talkme.phrases() as phrases`.execute(db);
    const { rows } = await sql<{ name: string; text: string }>`
      select proname as name, case when prosqlbody is null then prosrc else pg_get_functiondef(oid) end as text from pg_proc
      where pronamespace = 'talkme'::regnamespace and prokind = 'f' and proname !~ '^phrases'
      union all
      select viewname, definition from pg_views where schemaname = 'talkme'
    `.execute(db);
    return {
      phrases: catalogue.rows[0]?.phrases ?? {},
      texts: new Map(rows.map(({ name, text }) => [name, text])),
    };
  })();
  return read;
}

/** The placeholders of a text as name and form, such as `at:time`; a plural's as `rows|`, for its words belong to the language. */
export function placeholdersOf(text: string): readonly string[] {
  const found = [...text.matchAll(/\{([a-z_]+)(:[a-z]+|\|[^}]*)?\}/g)];
  return [...new Set(found.map(([, name = "", form = ""]) => `${name}${form.startsWith("|") ? "|" : form}`))];
}

/** The names of the parameters of a text. */
export function parametersOf(text: string): ReadonlySet<string> {
  return new Set(placeholdersOf(text).map((one) => one.replace(/[:|].*/, "")));
}

/** What two languages of a phrase have in common: its parameters with their forms, those of each optional part, and strays. */
export function shapeOf(text: string): unknown {
  const optional = [...text.matchAll(/\[([^\]]*)\]/g)].map(([, inside = ""]) =>
    [...parametersOf(inside)].toSorted().join(" "),
  );
  return {
    placeholders: placeholdersOf(text)
      .filter((one) => !one.endsWith("|"))
      .toSorted(),
    optional: optional.toSorted(),
    isClosed: !/[[\]|]/.test(
      text.replaceAll(/\[[^[\]]*\]/g, "").replaceAll(/\{[a-z_]+\|[^|}]+\|[^|}]+\}/g, ""),
    ),
  };
}
