import { expect, test } from "vitest";

import { StatementReader } from "./statement-reader.ts";

function read(text: string): readonly [statements: readonly string[], pending: string] {
  const reader = new StatementReader();
  const statements = text.split("\n").flatMap((line) => reader.push(line));
  return [statements, reader.pending];
}

test.each([
  ["two on a line", "select 1; select 2;", ["select 1;", "select 2;"]],
  ["one over several lines", "select\n1\n;", ["select\n1\n;"]],
  ["in a text, also with a quote in it", "select 'a;b''c;';", ["select 'a;b''c;';"]],
  [
    "after a text that ends with a backslash",
    String.raw`select 'a\'; select 1;`,
    [String.raw`select 'a\';`, "select 1;"],
  ],
  ["in a text that escapes its quote", String.raw`select E'a\';b';`, [String.raw`select E'a\';b';`]],
  ["in a name", 'select 1 as "a;b";', ['select 1 as "a;b";']],
  ["between dollars", "do $$ begin; end $$; do $x$ $$;$x$;", ["do $$ begin; end $$;", "do $x$ $$;$x$;"]],
  ["after a parameter or a name with a dollar", "select $1; select a$b$c;", ["select $1;", "select a$b$c;"]],
  [
    "in comments, which nest",
    "select 1 /* a; /* b; */ c; */ -- d;\n;",
    ["select 1 /* a; /* b; */ c; */ -- d;\n;"],
  ],
  ["alone", ";; -- nothing;\n ;", []],
])("a semicolon ends a statement, except where it is %s", (_, text, statements) => {
  expect(read(text)).toEqual([statements, "none"]);
});

test.each([
  ["select 1", "statement"],
  ["select 'a;", "text"],
  ['select "a;', "name"],
  ["do $x$ begin;", "dollars"],
  ["select 1 /* ;", "comment"],
  ["-- a comment", "none"],
  ["  ", "none"],
])("%j is not complete: %s", (text, pending) => {
  expect(read(text)).toEqual([[], pending]);
});
