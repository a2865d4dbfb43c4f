import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { describe, expect, test } from "vitest";

import { askedPhrases, speaking } from "./support/asked-phrases.ts";
import { parametersOf, placeholdersOf, readSpoken, shapeOf } from "./support/phrases.ts";
import { callsOf, stringLiterals } from "./support/sql-calls.ts";

describe("the catalogue", () => {
  test("has each phrase once, in both languages", async () => {
    const { phrases } = await readSpoken();
    const folder = new URL("../sql/language/", import.meta.url);
    const files = readdirSync(folder).filter((name) => name.startsWith("phrases-of-"));
    const written = files.flatMap((name): readonly string[] =>
      [...readFileSync(new URL(name, folder), "utf8").matchAll(/^ {2}"([^"]+)": \{$/gm)].map(
        ([, key = ""]) => key,
      ),
    );
    expect(written.toSorted()).toEqual(Object.keys(phrases).toSorted());
    const faults = Object.entries(phrases).filter(
      ([, { en = "", "pt-BR": portuguese = "", ...others }]) =>
        en.trim() === "" || portuguese.trim() === "" || en === portuguese || Object.keys(others).length > 0,
    );
    expect(faults).toEqual([]);
  });

  test("takes the same parameters in both languages, each with its form, and closes each bracket", async () => {
    const { phrases } = await readSpoken();
    const differences = Object.entries(phrases).filter(
      ([, { en = "", "pt-BR": portuguese = "" }]) =>
        !isDeepStrictEqual(shapeOf(en), shapeOf(portuguese)) ||
        !/"isClosed":true/.test(JSON.stringify(shapeOf(en))),
    );
    expect(differences).toEqual([]);
  });

  test("has every phrase that a function asks for, and every parameter that the phrase needs is given", async () => {
    const { phrases, texts } = await readSpoken();
    const keys = Object.keys(phrases);
    const faults: string[] = [];
    for (const [name, text] of [...texts].filter(([one]) => !speaking.includes(one)))
      for (const call of callsOf(text, speaking)) {
        const { keys: asked, given } = askedPhrases(call);
        const wanted = asked.flatMap((key) =>
          key.endsWith(".") ? [key, ...keys.filter((one) => one.startsWith(key))] : [key],
        );
        if (asked.some((key) => key.endsWith(".")) && wanted.length === asked.length)
          faults.push(`${name}: nothing begins with ${asked.join(" ")}`);
        for (const key of wanted.filter((one) => !one.endsWith("."))) {
          const phrase = phrases[key]?.["en"];
          if (phrase === undefined) faults.push(`${name}: there is no ${key}`);
          else if (/^(?:jsonb_build_object\(|$|'\{\}')/.test(given))
            for (const parameter of parametersOf(phrase))
              if (!stringLiterals(given).includes(parameter))
                faults.push(`${name}: ${key} lacks ${parameter}`);
        }
      }
    expect(faults).toEqual([]);
  });

  test("has a complaint and a hint for every rule that a message can break", async () => {
    const { phrases, texts } = await readSpoken();
    const rules = ["broken_rules", "recipient_rules", "check_outbox"].flatMap((name) =>
      stringLiterals(texts.get(name) ?? "").filter((one) => /^outbox_\w+$/.test(one)),
    );
    expect(rules.length).toBeGreaterThan(20);
    expect(
      rules.filter((rule) => phrases[rule] === undefined || phrases[`${rule}.hint`] === undefined),
    ).toEqual([]);
  });

  test("has a meaning in both languages for every code of a row in docs/errors.md, and for no other", async () => {
    const { phrases } = await readSpoken();
    const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
    const ofRows = page.slice(
      page.indexOf("\n## Codes of rows\n"),
      page.indexOf("\n## Codes of the programs\n"),
    );
    const codes = [...ofRows.matchAll(/^\| `([a-z_]+)` +\|/gm)].map(([, code = ""]) => code);
    const meanings = Object.keys(phrases).flatMap((key) => (key.startsWith("error.") ? [key.slice(6)] : []));
    expect(codes.length).toBeGreaterThan(50);
    expect(meanings.toSorted()).toEqual(codes.toSorted());
  });

  test("has no phrase that nobody uses", async () => {
    const { phrases, texts } = await readSpoken();
    const literals = new Set([...texts.values()].flatMap((text) => stringLiterals(text)));
    const families = [...literals].filter((one) => /^[a-z_]+\.$/.test(one));
    const words = Object.values(phrases).flatMap(({ en = "" }) =>
      placeholdersOf(en)
        .filter((one) => one.endsWith(":word"))
        .map((one) => one.replace(/:word$/, ".")),
    );
    const unused = Object.keys(phrases).filter((key) => {
      const isOfFamily = [...families, ...words].some((family) => key.startsWith(family));
      return !isOfFamily && !literals.has(key) && !literals.has(key.replace(/\.hint$/, ""));
    });
    expect(unused).toEqual([]);
  });
});

/** Functions with English of their own, and why. */
const keepsEnglish: Readonly<Record<string, readonly string[]>> = {
  "it writes what is stored: talkme.explain says it in the reader's language": [
    "batch_paused_error",
    "suppressed_error",
    "held_error",
    "guard_outbox",
    "hold_burst",
    "hold_captured_burst",
    "keep_blank",
    "recall_claims",
    "settle_others",
    "forget",
    "check_history",
    "confirm_history",
    "raise_claim_durability",
  ],
  "it writes SQL or JSON": [
    "capture_types",
    "capture_failed",
    "captures",
    "check_capture_request",
    "define_capture",
    "capture",
    "drop_attempt_partition",
    "check_one_expression",
    "create_attempt_partitions",
    "try_capture_expressions",
    "write_capture",
  ],
  "short words for a table": ["history", "history_doubts"],
  "the daemon alone is spoken to": ["refuse_rewriting", "below_retention_floor", "configure_account"],
};

test("no function and no view has a sentence of its own, but for those that are listed", async () => {
  const { texts } = await readSpoken();
  const sentence = /[A-Za-z]{2,},? [a-z]{2,},? [a-z(]{2,}/;
  const found = [...texts].flatMap(([name, text]) =>
    stringLiterals(text).some((one) => sentence.test(one)) ? [name] : [],
  );
  expect([...new Set(found)].toSorted()).toEqual(Object.values(keepsEnglish).flat().toSorted());
});
