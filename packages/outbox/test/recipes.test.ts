import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runPsql } from "@talkme/test-debian/vitest";
import { memberUrl } from "@talkme/test-postgres";
import { describe, expect, onTestFinished, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { tellRecipeHistory } from "./support/recipe-history.ts";
import { recipesOf } from "./support/recipes-of.ts";

const untouched = {
  42: "failed",
  43: "failed",
  44: "failed",
  45: "unknown",
  46: "unknown",
  47: "unknown",
  48: "pending",
  49: "pending",
  51: "unknown",
  52: "unknown",
  53: "unknown",
  54: "unknown",
  55: "unknown",
};

/** What becomes of the rows of the history, by the recipe's place on its page. */
type Afterwards = Readonly<Record<number, Readonly<Record<number, string>>>>;

const afterRecipes: Afterwards = {
  4: { ...untouched, 42: "pending", 43: "pending", 44: "pending", 49: "cancelled" },
  5: {
    ...untouched,
    45: "sent",
    46: "pending",
    47: "failed",
    51: "failed",
    52: "failed",
    53: "failed",
    54: "failed",
    55: "failed",
  },
  // What may have been sent to the person who is forgotten can never be found out.
  6: { ...untouched, 45: "failed", 46: "failed", 47: "failed", 48: "cancelled", 49: "cancelled" },
};

const afterLists: Afterwards = {
  1: { ...untouched, 51: "sent", 52: "failed", 53: "sent", 54: "failed", 55: "failed" },
};

/** How many recipes at a page's beginning make tables of their own. */
const makers = { recipes: 2, lists: 1 };

async function statuses(outbox: TestOutbox): Promise<unknown> {
  return outbox.ask("select jsonb_object_agg(id, status) from talkme.outbox where id between 42 and 55");
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-recipe-"));
  onTestFinished(async () => rm(folder, { recursive: true }));
  return folder;
}

/** The cells of a file's lines, without the headings. */
async function cellsOf(file: string): Promise<readonly (readonly string[])[]> {
  const [, ...lines] = (await readFile(file, "utf8")).trimEnd().split("\n");
  return lines.map((line) => line.split(/[,;]/));
}

describe.for([
  { page: "recipes.md", language: "en", making: makers.recipes, afterwards: afterRecipes },
  { page: "pt-BR/dia-a-dia.md", language: "pt-BR", making: makers.recipes, afterwards: afterRecipes },
  { page: "lists.md", language: "en", making: makers.lists, afterwards: afterLists },
  { page: "pt-BR/listas.md", language: "pt-BR", making: makers.lists, afterwards: afterLists },
])("$page", async ({ page, language, making, afterwards }) => {
  const recipes = await recipesOf(page);

  test.for(recipes)(
    "$heading: works as it is typed, shows what the page shows, and rows become what it says",
    async ({ nth, script, file, shown }, context) => {
      const outbox = await TestOutbox.open();
      await tellRecipeHistory(outbox, language);
      const folder = await temporaryFolder();
      if (file !== null) await writeFile(join(folder, file.name), file.text);
      const url = nth < making ? outbox.url : await memberUrl(outbox.url, "talkme_operator");

      const settings = ["\\set ON_ERROR_STOP on", "\\encoding UTF8", `\\cd ${folder}`];
      const { code, out, err } = await runPsql(context, url, [...settings, ...script].join("\n"));

      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).not.toMatch(/\(0 rows\)|no row matches|nenhuma linha corresponde/);
      expect(shown.filter((line) => !line.test(out))).toEqual([]);
      expect(await statuses(outbox)).toEqual(afterwards[nth] ?? untouched);
    },
  );
});

test.for([
  { page: "lists.md", twice: "twice", rejected: "rejected", files: ["rejected.csv", "results.csv"] },
  {
    page: "pt-BR/listas.md",
    twice: "repetida",
    rejected: "recusada",
    files: ["recusadas.csv", "resultado.csv"],
  },
])(
  "the list of $page says of each line of the file what became of it",
  async ({ page, twice, rejected, files: [refusals = "", results = ""] }, context) => {
    const [recipe] = await recipesOf(page);
    if (recipe?.file === undefined || recipe.file === null) throw new Error("The first recipe has no list.");
    const outbox = await TestOutbox.open();
    const folder = await temporaryFolder();
    await writeFile(join(folder, recipe.file.name), recipe.file.text);

    await runPsql(context, outbox.url, ["\\encoding UTF8", `\\cd ${folder}`, ...recipe.script].join("\n"));

    const refused = await cellsOf(join(folder, refusals));
    expect(refused.map((cells) => cells.slice(0, 2).join(" "))).toEqual([
      "3 outbox_numero_dest_ddd",
      "4 outbox_numero_dest_length",
      `7 ${twice}`,
    ]);
    const became = await cellsOf(join(folder, results));
    expect(became.map((cells) => `${cells[0]} ${cells[3]} ${cells.at(-1)}`)).toEqual([
      "2 cancelled ",
      `3 ${rejected} outbox_numero_dest_ddd`,
      `4 ${rejected} outbox_numero_dest_length`,
      "5 cancelled ",
      "6 cancelled ",
      `7 ${rejected} ${twice}`,
    ]);
    const batches = "select array_agg(format('%s %s %s', name, expected_rows, rows)) from talkme.batches";
    expect(await outbox.ask(batches)).toEqual(["Natal 2026 3 3"]);
  },
);
