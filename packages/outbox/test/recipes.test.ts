import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runPsql } from "@talkme/test-debian/vitest";
import { expect, onTestFinished, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";

const page = await readFile(new URL("../../../docs/recipes.md", import.meta.url), "utf8");

/** The fenced blocks of a recipe, in order. */
function blocksOf(recipe: string, ...languages: readonly string[]): readonly string[] {
  const [, text = ""] = page.split(`## ${recipe}\n`);
  const [own = ""] = text.split(/^## /m);
  return [...own.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, language = ""]) => languages.includes(language))
    .map(([, , block = ""]) => block);
}

test("the recipe from a CSV to a batch works as it is typed, and says of each line of the file what became of it", async (context) => {
  const outbox = await TestOutbox.open();
  const folder = await mkdtemp(join(tmpdir(), "talkme-recipe-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [csv = ""] = blocksOf("From a CSV to a batch", "csv");
  await writeFile(join(folder, "customers.csv"), csv);
  const blocks = blocksOf("From a CSV to a batch", "sql", "psql");
  expect(blocks.length).toBeGreaterThan(8);

  const script = ["\\set ON_ERROR_STOP on", "\\encoding UTF8", `\\cd ${folder}`, ...blocks].join("\n");
  expect(await runPsql(context, outbox.url, script)).toMatchObject({ code: 0, err: "" });

  const rejected = (await readFile(join(folder, "rejected.csv"), "utf8")).trimEnd().split("\n").slice(1);
  expect(rejected.map((line) => line.split(",").slice(0, 2).join(" "))).toEqual([
    "3 outbox_numero_dest_ddd",
    "4 outbox_numero_dest_length",
    "7 twice",
  ]);
  const results = (await readFile(join(folder, "results.csv"), "utf8")).trimEnd().split("\n").slice(1);
  expect(
    results.map((line) => line.split(",")).map((cells) => `${cells[0]} ${cells[3]} ${cells.at(-1)}`),
  ).toEqual([
    "2 cancelled ",
    "3 rejected outbox_numero_dest_ddd",
    "4 rejected outbox_numero_dest_length",
    "5 cancelled ",
    "6 cancelled ",
    "7 rejected twice",
  ]);
  expect(
    await outbox.ask(
      "select array_agg(distinct format('%s %s %s', name, expected_rows, rows)) from talkme.batches",
    ),
  ).toEqual(["Natal 2026 3 3"]);
});

test("the recipe by which a report decides unknown rows works as it is typed, and leaves what is ambiguous to a person", async (context) => {
  const outbox = await TestOutbox.open();
  const folder = await mkdtemp(join(tmpdir(), "talkme-recipe-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const recipe = "A report decides unknown rows";
  await writeFile(join(folder, "report.csv"), blocksOf(recipe, "csv").join(""));
  await outbox.insert(
    "numero_dest, id_campanha",
    "values ('11988887771', 123456), ('21988887772', 123456), ('31988887773', 123456), ('31988887773', 123456), ('41988887774', 123456)",
  );
  await outbox.ask(
    "update talkme.outbox set status = 'unknown', error_code = 'timeout', claimed_by = 'a', claimed_at = now()",
  );
  const blocks = blocksOf(recipe, "sql", "psql");
  const run = async (parts: readonly string[]): Promise<void> => {
    const script = ["\\set ON_ERROR_STOP on", "\\encoding UTF8", `\\cd ${folder}`, ...parts].join("\n");
    expect(await runPsql(context, outbox.url, script)).toMatchObject({ code: 0, err: "" });
  };
  const statuses = "select array_agg(status order by id) from talkme.outbox";

  await run(blocks.slice(0, -1));
  expect(await outbox.ask(statuses)).toEqual(["sent", "failed", "unknown", "unknown", "unknown"]);
  await run(blocks.slice(-1));
  expect(await outbox.ask(statuses)).toEqual(["sent", "failed", "sent", "failed", "failed"]);
});
