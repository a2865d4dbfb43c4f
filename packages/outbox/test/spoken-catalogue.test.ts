import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { describe, expect, test } from "vitest";

import { parametersOf, placeholdersOf, readSpoken, shapeOf } from "./support/phrases.ts";
import { callsOf, stringLiterals } from "./support/sql-calls.ts";

/** The keys that a call asks for: `family.` for all that begin so. */
function keysOf(firstArgument: string): readonly string[] {
  const literals = stringLiterals(firstArgument.replaceAll(/\bwhen\b.*?\bthen\b/gs, ""));
  // What is added to a key that a parameter brings.
  return literals.filter((one) => !one.startsWith("."));
}

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
      for (const { name: called, args } of callsOf(text, speaking)) {
        const [first = "", second = "", third = "", fourth = ""] = args;
        const asked = called === "problem_of" && fourth !== "" ? fourth : first;
        const given = called === "problem_of" ? third : second;
        for (const key of keysOf(asked)) {
          const wanted = key.endsWith(".") ? keys.filter((one) => one.startsWith(key)) : [key];
          if (called === "problem_of") wanted.push(`${key}.hint`);
          for (const one of wanted) {
            const phrase = phrases[one]?.["en"];
            if (phrase === undefined) faults.push(`${name}: there is no ${one}`);
            else if (/^(?:jsonb_build_object\(|$|'\{\}')/.test(given))
              for (const parameter of parametersOf(phrase))
                if (!stringLiterals(given).includes(parameter))
                  faults.push(`${name}: ${one} lacks ${parameter}`);
          }
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

/** Functions that put a phrase of the catalogue into words: the key is their first argument. */
const speaking = ["say", "problem_of"];

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
    "check_history",
    "confirm_history",
    "raise_claim_durability",
  ],
  "it writes SQL or JSON": [
    "capture_types",
    "capture",
    "drop_attempt_partition",
    "check_one_expression",
    "create_attempt_partitions",
    "try_capture_expressions",
    "write_capture",
  ],
  "short words for a table": ["history", "history_doubts"],
  "the daemon alone is spoken to": ["refuse_rewriting", "below_retention_floor", "configure_account"],
  "its sentences are not in the catalogue": [
    "acknowledge_history",
    "allow_local_claims",
    "apply_retention",
    "capture_failed",
    "captures",
    "check_capture_request",
    "check_setting",
    "define_capture",
    "drop_capture",
    "explain",
    "explain_pending",
    "explain_sending",
    "explain_stops",
    "explain_turn",
    "explain_wait_for_time",
    "forget",
    "history_notice",
    "parse_recipient",
    "parse_sending_window",
    "pause",
    "record_capture_error",
    "refuse_contradiction",
    "refuse_edit",
    "refuse_scope",
    "register_capture",
    "resume",
    "settle_others",
    "suppress",
    "unregister_capture",
    "unsuppress",
    "verify_recipient",
  ],
};

test("no function and no view has a sentence of its own, but for those that are listed", async () => {
  const { texts } = await readSpoken();
  const sentence = /[A-Za-z]{2,},? [a-z]{2,},? [a-z(]{2,}/;
  const found = [...texts].flatMap(([name, text]) =>
    stringLiterals(text).some((one) => sentence.test(one)) ? [name] : [],
  );
  expect([...new Set(found)].toSorted()).toEqual(Object.values(keepsEnglish).flat().toSorted());
});
