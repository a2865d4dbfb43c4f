import { readFile, readdir, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test, type TestContext } from "vitest";

import { openBrowser } from "./support/browser.ts";
import { fill } from "./support/data.ts";
import { Stage } from "./support/stage.ts";

const docs = fileURLToPath(new URL("../../../docs/", import.meta.url));

/** What the pages of the documentation show; `pnpm docs:pictures` takes them. */
const pictures = [
  ["inicio", "/"],
  ["campanha", "/campanhas/2001"],
  ["desconhecidos", "/desconhecidos"],
] as const;

const largestBytes = 100_000;

async function takePictures(context: Pick<TestContext, "skip">): Promise<void> {
  const stage = await Stage.open();
  await fill(stage);
  const browser = await openBrowser(context);
  onTestFinished(() => browser.close());
  const session = await browser.newContext({
    extraHTTPHeaders: { "x-forwarded-user": "ana.lima" },
    baseURL: stage.console.url,
    locale: "pt-BR",
    viewport: { width: 960, height: 600 },
  });
  const page = await session.newPage();
  for (const [name, path] of pictures) {
    await page.goto(path);
    await writeFile(`${docs}pictures/${name}.png`, await page.screenshot());
  }
}

test("each picture of the documentation is small, is shown in both languages, and is one that pnpm docs:pictures takes", async (context) => {
  if (process.env["PICTURES"] === "write") await takePictures(context);
  const files = await readdir(`${docs}pictures`);
  expect(files.toSorted()).toEqual(pictures.map(([name]) => `${name}.png`).toSorted());
  for (const page of ["console.md", "pt-BR/console.md"]) {
    const text = await readFile(`${docs}${page}`, "utf8");
    for (const file of files) expect(text).toContain(`pictures/${file})`);
  }
  for (const file of files)
    expect([file, (await stat(`${docs}pictures/${file}`)).size < largestBytes]).toEqual([file, true]);
});
