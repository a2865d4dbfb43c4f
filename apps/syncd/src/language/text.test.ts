import { readdirSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { ok, problem } from "../checks/finding.ts";
import { languageOf, languages, parseLanguage } from "./language.ts";
import { quote, say, Text } from "./text.ts";
import { Words } from "./words.ts";

const sources = new URL("..", import.meta.url);

function filesIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, sources), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .map((path) => `${folder}${path}`);
}

/** Every text of the catalogue that needs no facts, by its place. */
async function constantTexts(): Promise<ReadonlyMap<string, Text>> {
  const found = new Map<string, Text>();
  const walk = (place: string, value: unknown): void => {
    if (value instanceof Text) found.set(place, value);
    else if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) walk(`${place}.${name}`, part);
    }
  };
  for (const path of [...filesIn("language/findings/"), ...filesIn("language/screens/")]) {
    walk(path, await import(new URL(path, sources).href));
  }
  return found;
}

/** Names that are the same in both languages. */
const sameWords = new Set(
  "HTTP;pooler;autovacuum;snapshots;ok;status;;id_campanha;id_wpp;(Did you mean $1?)".split(";"),
);

test("every text is there in both languages, and none was left untranslated", async () => {
  const texts = await constantTexts();
  expect(texts.size).toBeGreaterThan(120);
  const untranslated: string[] = [];
  for (const [place, text] of texts) {
    const [english, portuguese] = [text.in("en"), text.in("pt-BR")];
    if (sameWords.has(english)) continue;
    if (portuguese.trim() === "" || portuguese === english) untranslated.push(place);
  }
  expect(untranslated).toEqual([]);
});

test("a text that lacks a language, and a finding in a plain string, do not compile", () => {
  // @ts-expect-error -- The Portuguese is missing.
  expect(() => say("only English").in("pt-BR")).toThrow("wording is not a function");
  // @ts-expect-error -- A string is not a text of the catalogue.
  expect(ok("clock", "within 2 s")).toBeDefined();
  // @ts-expect-error -- Nor may its remedy be one.
  expect(problem("clock", quote("x"), "Mend it.")).toBeDefined();
});

test("texts are written in the catalogue alone", () => {
  const others = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.startsWith("language/"),
  );
  expect(others.length).toBeGreaterThan(150);
  const written = others.filter((path) =>
    /\bsay\(|new Text\(/.test(readFileSync(new URL(path, sources), "utf8")),
  );
  expect(written).toEqual([]);
  const quoted = others.filter((path) => /\bquote\(/.test(readFileSync(new URL(path, sources), "utf8")));
  expect(quoted).toEqual([]);
});

test("the first of LC_ALL, LC_MESSAGES and LANG that is set decides", () => {
  expect(languageOf({})).toBe("en");
  expect(languageOf({ LANG: "pt_BR.UTF-8" })).toBe("pt-BR");
  expect(languageOf({ LC_ALL: "", LC_MESSAGES: "pt_BR", LANG: "en_US.UTF-8" })).toBe("pt-BR");
  expect(languageOf({ LC_ALL: "C.UTF-8", LANG: "pt_BR.UTF-8" })).toBe("en");
  expect(languageOf({ LANG: "de_DE.UTF-8" })).toBe("en");
  expect(["pt-br", "pt", "PT_BR", "en", "fr", "ptx"].map(parseLanguage)).toEqual([
    "pt-BR",
    "pt-BR",
    "pt-BR",
    "en",
    null,
    null,
  ]);
});

test("numbers, spans and times are written as each language writes them", () => {
  const [en, pt] = languages.map((language) => new Words(language));
  expect([en?.number(12_345.6), pt?.number(12_345.6)]).toEqual(["12,345.6", "12.345,6"]);
  expect([0.4, 119, 120, 7199, 7200, 172_800].map((seconds) => en?.duration(seconds))).toEqual([
    "0 sec",
    "119 sec",
    "2 min",
    "119 min",
    "2 hr",
    "2 days",
  ]);
  expect(pt?.duration(172_800)).toBe("2 dias");
  const now = new Date("2026-12-01T15:00:00Z");
  const at = ["2026-12-01T21:30:00Z", "2026-12-02T02:59:00Z", "2026-12-04T12:00:00Z", "2026-12-24T12:00:00Z"];
  expect(at.map((time) => pt?.time(new Date(time), now))).toEqual(["18:30", "23:59", "sex 09:00", "24/12"]);
  expect(at.map((time) => en?.time(new Date(time), now))).toEqual(["18:30", "23:59", "Fri 09:00", "Dec 24"]);
});
