import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

const packageFolder = join(import.meta.dirname, "../..");
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

/** The TypeScript blocks of a package's page. */
function blocksOf(name: string): readonly string[] {
  const page = readFileSync(join(packageFolder, "..", name, "README.md"), "utf8");
  return [...page.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
}

/** What the compiler says of files that hold nothing but these texts. Within the package, where its name resolves. */
function complaints(sources: readonly string[]): string {
  const folder = mkdtempSync(join(packageFolder, "test/tmp-blocks-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [index, source] of sources.entries()) writeFileSync(join(folder, `block-${index}.ts`), source);
  const config = {
    extends: "../../../../tsconfig.base.json",
    compilerOptions: { noEmit: true },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
  return stdout + stderr;
}

test("each TypeScript block of the pages of core and simulator compiles by itself, under the strictest settings", () => {
  const blocks = ["core", "simulator"].flatMap(blocksOf);
  expect(blocks.length).toBeGreaterThanOrEqual(8);
  expect(complaints(blocks)).toBe("");
});

test("a block that needs what it does not show would be found", () => {
  expect(complaints(["await client.close();\n"])).toContain("Cannot find name 'client'");
});
