import { readFileSync, writeFileSync } from "node:fs";

import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { connect } from "./support/connect.ts";
import { monthsWithPrivileges, withPrivileges } from "./support/privileges-page.ts";

const page = new URL("../../../docs/privileges.md", import.meta.url);

test("docs/privileges.md names every relation and function with who may what, and nothing else: pnpm docs:privileges brings it up to date", async () => {
  const database = await cloneDatabase();
  const db = connect(database.url);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });

  const written = readFileSync(page, "utf8");
  const derived = await withPrivileges(written, db);
  if (process.env["PRIVILEGES_PAGE"] === "write") writeFileSync(page, derived);
  else expect(derived).toBe(written);
  expect(await monthsWithPrivileges(db)).toEqual([]);
});

test("a grant that the page does not name, on a column or a function, is found", async () => {
  const database = await cloneDatabase();
  const db = connect(database.url);
  onTestFinished(async () => {
    await db.destroy();
    await database.drop();
  });
  const before = await withPrivileges(readFileSync(page, "utf8"), db);
  for (const [grant, finds] of [
    ["select (key) on talkme.hash_key to talkme_producer", "select of key"],
    ["execute on function talkme.retain_rows to talkme_viewer", "viewer"],
    ["usage on sequence talkme.audit_id_seq to talkme_daemon", "usage"],
    ["delete on talkme.outbox to public", "delete"],
    ["execute on function talkme.decide to public", "everybody"],
  ] as const) {
    await sql.raw(`grant ${grant}`).execute(db);
    const after = await withPrivileges(readFileSync(page, "utf8"), db);
    const added = after.split("\n").filter((line) => !before.includes(line));
    expect(added.join("\n")).toContain(finds);
    await sql.raw(`revoke ${grant.replace(/ to (?=\w+$)/, " from ")}`).execute(db);
  }
});
