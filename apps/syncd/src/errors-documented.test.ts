import { readdirSync, readFileSync } from "node:fs";

import { errorCodes, InvalidOptionsError } from "@talkme/core";
import { LockedSchemaError } from "@talkme/outbox";
import { fateErrors } from "@talkme/outbox/daemon";
import { describe, expect, test } from "vitest";

import { ConfigurationError } from "./configuration-error.ts";
import { UnfitDatabaseError } from "./database/unfit-database-error.ts";
import { UnfitSchemaError } from "./database/unfit-schema-error.ts";

const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");

/** The rows of the page's tables between two headings: code, and what the second column says. */
function documented(from: string, to: string): ReadonlyMap<string, string> {
  const part = page.slice(page.indexOf(`\n${from}\n`), page.indexOf(`\n${to}\n`));
  const rows = part.matchAll(/^\| `([a-z_]+)` +\| ([^|]+?) +\|/gm);
  return new Map([...rows].map(([, code = "", second = ""]) => [code, second]));
}

/** The codes that the daemon, its statements and the database's functions write into rows themselves. */
function codesOfTheDaemon(): readonly string[] {
  const folders = ["./", "../../../packages/outbox/src/", "../../../packages/outbox/migrations/"];
  const written = folders.flatMap((folder) => {
    const root = new URL(folder, import.meta.url);
    const names = readdirSync(root, { encoding: "utf8", recursive: true });
    const sources = names.filter((name) => /(?<!\.test)\.(?:ts|sql)$/.test(name));
    const text = sources.map((name) => readFileSync(new URL(name, root), "utf8")).join("\n");
    const code = /errorCode: "([a-z_]+)"|error_code\s*:?=\s*(?:case when [^']* then )?'([a-z_]+)'/g;
    return [...text.matchAll(code)].map(([, inCode, inSql]) => inCode ?? inSql ?? "");
  });
  return [...written, ...Object.keys(fateErrors)];
}

const ofRows = documented("## Codes of rows", "## Codes of the programs");

test("every code that a row can have is documented, and no other", () => {
  const daemons = new Set(codesOfTheDaemon());
  for (const code of ["expired", "instance_lost", "internal_error"]) expect(daemons).toContain(code);
  expect([...ofRows.keys()].toSorted()).toEqual([...Object.keys(errorCodes), ...daemons].toSorted());
});

describe("what becomes of a row is documented as its code's outcome has it", () => {
  const beginsWith = { rejected: /^failed$/, not_sent: /^(?:retried|pending)/, unknown: /^unknown$/ };
  test.each(Object.entries(errorCodes))("%s", (code, { outcome }) => {
    expect(ofRows.get(code)).toMatch(beginsWith[outcome]);
  });
});

test("every code of the programs' own errors is documented, and no other", () => {
  const codes = [
    new ConfigurationError([]).code,
    new UnfitSchemaError({ kind: "absent", pending: [] }).code,
    new UnfitSchemaError({ kind: "older", pending: [], reached: null }).code,
    new UnfitSchemaError({ kind: "newer", unknown: [] }).code,
    new UnfitDatabaseError([]).code,
    new LockedSchemaError("", null, [], null).code,
    new InvalidOptionsError([]).code,
  ];
  expect([...documented("## Codes of the programs", "## Exit codes").keys()]).toEqual(codes);
});
