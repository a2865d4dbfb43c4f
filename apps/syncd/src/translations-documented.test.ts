import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** An English page and its Portuguese counterpart. */
interface Pair {
  readonly english: string;
  readonly portuguese: string;
  /** Whether both have the same commands and SQL; otherwise each has names of its own in them, and calls the same functions. */
  readonly sameCode: boolean;
}

const pairs: readonly Pair[] = [
  { english: "README.md", portuguese: "README.pt-BR.md", sameCode: true },
  { english: "docs/runbook.md", portuguese: "docs/pt-BR/runbook.md", sameCode: true },
  { english: "docs/console.md", portuguese: "docs/pt-BR/console.md", sameCode: true },
  { english: "docs/recipes.md", portuguese: "docs/pt-BR/dia-a-dia.md", sameCode: false },
  { english: "docs/lists.md", portuguese: "docs/pt-BR/listas.md", sameCode: false },
];
const indexes = { english: "docs/README.md", portuguese: "docs/pt-BR/README.md" };

interface Chapter {
  readonly heading: string;
  readonly prose: string;
  /** The fenced blocks: language and text. */
  readonly blocks: readonly (readonly [language: string, code: string])[];
}

/** What stands under each heading of a page, in order; first what stands above them all. */
function chaptersOf(page: string): readonly Chapter[] {
  const blocks: (readonly [string, string])[] = [];
  const withoutCode = readFileSync(join(root, page), "utf8").replaceAll(
    /^( *)(`{3,})(\S*)[^\n]*\n(.*?)^\1\2$/gms,
    (_, _indent, _fence, language: string, code: string) => `§${blocks.push([language, code]) - 1}§`,
  );
  return withoutCode.split(/^(?=#{2,6} )/m).map((text) => ({
    heading: /^#+/.exec(text)?.[0] ?? "",
    prose: text,
    blocks: [...text.matchAll(/§(\d+)§/g)].flatMap(([, nth]) => {
      const block = blocks[Number(nth)];
      return block === undefined ? [] : [block];
    }),
  }));
}

/** Code without what a translation changes: comments, and texts for people, which have a blank and are no JSON. */
function withoutWords(code: string): string {
  return code
    .replaceAll(/(?:^|\s)(?:--|#) .*$/gm, "")
    .replaceAll(/'[^'\n]*'/g, (text) => (/^[^{]* /.test(text) ? "'…'" : text))
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The functions, views and tables of the schema that code uses, and the arguments that it names. */
function usesOf(code: string): string {
  return [...code.matchAll(/\btalkme\.\w+|\b\w+(?= =>)/g)].join(" ");
}

/** The technical names that a text has in code: they are not translated. */
function namesIn(prose: string): readonly string[] {
  const codes = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => withoutWords(code));
  return [...new Set(codes)].toSorted();
}

/** The numerals of a text that belong to no code and no link. */
function numbersIn(prose: string): readonly string[] {
  const text = prose.replaceAll(/`[^`\n]+`|\]\([^)]*\)/g, "").replaceAll(/(\d)[.,](?=\d{3}\b)/g, "$1");
  return [...text.matchAll(/\d+/g)].map(([number]) => number).toSorted();
}

/** Those that are functions of the schema or settings. */
function functionsIn(prose: string): readonly string[] {
  return namesIn(prose).filter((name) => /^talkme\.|^[A-Z]/.test(name));
}

/** What a chapter states and a translation leaves. */
function factsOf({ prose }: Chapter, names: (prose: string) => readonly string[]): unknown {
  return { names: names(prose), numbers: numbersIn(prose), rows: prose.match(/^\|/gm)?.length ?? 0 };
}

function codeOf(chapters: readonly Chapter[], text: (code: string) => string): unknown {
  return chapters.map(({ blocks }) => blocks.map(([language, code]) => [language, text(code)]));
}

/** Where the relative links of a page lead, as paths in the repository. */
function linksOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), "utf8").replaceAll(/`[^`\n]+`/g, "");
  return [...text.matchAll(/\]\((?![a-z]+:)([^)#\s]+)/g)].map(([, link = ""]) =>
    relative(root, resolve(root, dirname(page), link)),
  );
}

describe.each(pairs)("$portuguese says what $english says", ({ english, portuguese, sameCode }) => {
  const [theirs, ours] = [chaptersOf(english), chaptersOf(portuguese)];

  test("it has the same chapters, in the same order", () => {
    expect(ours.map(({ heading }) => heading)).toEqual(theirs.map(({ heading }) => heading));
    expect(ours.length).toBeGreaterThan(5);
  });

  test("the code blocks of each chapter are the same, but for comments and texts for people", () => {
    const text = sameCode ? withoutWords : usesOf;
    expect(codeOf(ours, text)).toEqual(codeOf(theirs, text));
  });

  test("each chapter has the same technical names and numbers, and as many rows in its tables", () => {
    const names = sameCode ? namesIn : functionsIn;
    expect(ours.map((chapter) => factsOf(chapter, names))).toEqual(
      theirs.map((chapter) => factsOf(chapter, names)),
    );
  });

  test("they lead to each other", () => {
    expect(linksOf(english)).toContain(portuguese);
    expect(linksOf(portuguese)).toContain(english);
  });
});

test("a Portuguese page leads to an English one that exists in Portuguese only to offer the other language", () => {
  const all = [...pairs, indexes];
  const translated = new Set(all.map(({ english }) => english));
  const astray = all.flatMap(({ english, portuguese }) =>
    linksOf(portuguese)
      .filter((link) => translated.has(link) && link !== english)
      .map((link) => `${portuguese}: ${link}`),
  );
  expect(astray).toEqual([]);
});
