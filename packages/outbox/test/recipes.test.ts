import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { memberUrl } from "@talkme/test-postgres";
import { runPsql } from "@talkme/test-debian/vitest";
import { describe, expect, onTestFinished, test, type TestContext } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { tellRecipeHistory } from "./support/recipe-history.ts";

interface Recipe {
  /** Its place on the page, from 0. */
  readonly nth: number;
  readonly heading: string;
  /** The fenced blocks, in order: what psql is to run, and the files that it reads. */
  readonly script: readonly string[];
  readonly csv: string;
}

/** What stands under each heading of a page. */
async function recipesOf(page: string): Promise<readonly Recipe[]> {
  const text = await readFile(new URL(`../../../docs/${page}`, import.meta.url), "utf8");
  return text
    .split(/^## /m)
    .slice(1)
    .map((section, nth) => {
      const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
        ([, language = "", block = ""]) => ({ language, block }),
      );
      return {
        nth,
        heading: section.slice(0, section.indexOf("\n")),
        script: blocks.filter(({ language }) => language !== "csv").map(({ block }) => block),
        csv: blocks.find(({ language }) => language === "csv")?.block ?? "",
      };
    });
}

const untouched = {
  42: "failed",
  43: "failed",
  44: "failed",
  45: "unknown",
  46: "unknown",
  47: "unknown",
  48: "pending",
  49: "pending",
};

/** What becomes of the rows of the history, by the recipe's place on the page. */
const afterwards: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  5: { ...untouched, 42: "pending", 43: "pending", 44: "pending", 49: "cancelled" },
  6: { ...untouched, 45: "sent", 46: "pending", 47: "failed" },
  // 47 may have been sent to whom is forgotten, and nobody can find out any more.
  7: { ...untouched, 45: "failed", 46: "failed", 47: "failed", 48: "cancelled", 49: "cancelled" },
};

async function statuses(outbox: TestOutbox): Promise<unknown> {
  return outbox.ask("select jsonb_object_agg(id, status) from talkme.outbox where id between 42 and 49");
}

const pages = [
  {
    page: "recipes.md",
    list: {
      file: "customers.csv",
      refused: "rejected",
      rejected: "rejected",
      twice: "twice",
      results: "results",
    },
  },
  {
    page: "pt-BR/dia-a-dia.md",
    list: {
      file: "clientes.csv",
      refused: "recusadas",
      rejected: "recusada",
      twice: "repetida",
      results: "resultado",
    },
  },
] as const;

/** Runs a recipe as psql would that is started in a folder. */
async function follow(
  context: TestContext,
  url: string,
  { script }: Recipe,
  folder = tmpdir(),
): Promise<string> {
  const settings = ["\\set ON_ERROR_STOP on", "\\encoding UTF8", `\\cd ${folder}`];
  const said = await runPsql(context, url, [...settings, ...script].join("\n"));
  expect(said).toMatchObject({ code: 0, err: "" });
  return said.out;
}

describe.for(pages)("$page", async ({ page, list }) => {
  const recipes = await recipesOf(page);
  const fromCsv = recipes.find(({ csv }) => csv !== "");

  test.for(recipes.filter(({ csv }) => csv === ""))(
    "$heading: works as it is typed, each query finds something, and rows become what the page says",
    async (recipe, context) => {
      const outbox = await TestOutbox.open();
      await tellRecipeHistory(outbox);

      const url =
        recipe.nth < 4 || recipe.nth === 5 ? outbox.url : await memberUrl(outbox.url, "talkme_operator");
      expect(await follow(context, url, recipe)).not.toMatch(/\(0 rows\)|no row matches/);
      expect(await statuses(outbox)).toEqual(afterwards[recipe.nth] ?? untouched);
    },
  );

  test("from a CSV to a batch: works as it is typed, and says of each line of the file what became of it", async (context) => {
    if (fromCsv === undefined) throw new Error("No recipe has a CSV.");
    const outbox = await TestOutbox.open();
    const folder = await mkdtemp(join(tmpdir(), "talkme-recipe-"));
    onTestFinished(async () => rm(folder, { recursive: true }));
    await writeFile(join(folder, list.file), fromCsv.csv);
    const cellsOf = async (name: string): Promise<readonly (readonly string[])[]> => {
      const text = await readFile(join(folder, `${name}.csv`), "utf8");
      const [, ...lines] = text.trimEnd().split("\n");
      return lines.map((line) => line.split(/[,;]/));
    };

    expect(await follow(context, outbox.url, fromCsv, folder)).not.toMatch(/\(0 rows\)|no row matches/);

    expect((await cellsOf(list.refused)).map((cells) => cells.slice(0, 2).join(" "))).toEqual([
      "3 outbox_numero_dest_ddd",
      "4 outbox_numero_dest_length",
      `7 ${list.twice}`,
    ]);
    expect((await cellsOf(list.results)).map((cells) => `${cells[0]} ${cells[3]} ${cells.at(-1)}`)).toEqual([
      "2 cancelled ",
      `3 ${list.rejected} outbox_numero_dest_ddd`,
      `4 ${list.rejected} outbox_numero_dest_length`,
      "5 cancelled ",
      "6 cancelled ",
      `7 ${list.rejected} ${list.twice}`,
    ]);
    const batches = "select array_agg(format('%s %s %s', name, expected_rows, rows)) from talkme.batches";
    expect(await outbox.ask(batches)).toEqual(["Natal 2026 3 3"]);
  });
});
