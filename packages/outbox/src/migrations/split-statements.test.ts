import { expect, test } from "vitest";

import { splitStatements } from "./split-statements.ts";

test("only a semicolon that ends a statement ends one", () => {
  const first = "-- One; as they say, it's\nselect 'a;''b' as \"c\";";
  const second = "do $$\nbegin\n  perform 1; -- it's\nend\n$$;";
  const third =
    "create function f() returns void\nlanguage sql\nbegin atomic\n  select 1;\n  select 2;\nend;";
  const fourth = "select 1;";

  expect(splitStatements(`${first}\n\n${second}\n${third}\n\n${fourth}\n-- The end\n`)).toEqual([
    first,
    second,
    third,
    fourth,
  ]);
});
