import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openBrowser } from "./support/browser.ts";
import { fill } from "./support/data.ts";
import type { PersonName } from "./support/people.ts";
import { Stage } from "./support/stage.ts";

/** The tests' output, for people to look at. */
const pictures = fileURLToPath(new URL("../screenshots/", import.meta.url));

const pages = [
  ["inicio", "/"],
  ["campanhas", "/campanhas"],
  ["campanha", "/campanhas/123456"],
  ["campanha-em-pausa", "/campanhas/2001"],
  ["listas", "/listas"],
  ["lista", "/listas/1"],
  ["desconhecidos", "/desconhecidos"],
  ["decidir", "/desconhecidos/decidir?campanha=123456"],
  ["mensagens", "/mensagens"],
  ["mensagem", "/mensagens/42"],
  ["pausas", "/pausas"],
  ["auditoria", "/auditoria"],
  ["nao-existe", "/nada"],
] as const;

const looks = [
  { name: "claro", colorScheme: "light", width: 1280, locale: "pt-BR" },
  { name: "escuro", colorScheme: "dark", width: 1280, locale: "pt-BR" },
  { name: "celular", colorScheme: "light", width: 360, locale: "pt-BR" },
  { name: "en", colorScheme: "light", width: 1280, locale: "en-GB" },
] as const;

let stage: Stage;
let browser: Browser | undefined;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  stage = await Stage.open({ onEnd: (end) => void ends.push(end) });
  await fill(stage);
  await mkdir(pictures, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  for (const end of ends) await end();
});

async function openPage(
  skip: Parameters<typeof openBrowser>[0],
  person: PersonName,
  options: BrowserContextOptions = {},
): Promise<Page> {
  browser ??= await openBrowser(skip);
  const context = await browser.newContext({
    extraHTTPHeaders: { "x-forwarded-user": person },
    baseURL: stage.console.url,
    ...options,
  });
  return context.newPage();
}

const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

test.for(looks)(
  "every page is accessible, fits its width and breaks no rule of its policy: $name",
  async ({ name, colorScheme, width, locale }, context) => {
    const page = await openPage(context, "ana.lima", {
      colorScheme,
      locale,
      viewport: { width, height: 900 },
    });
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("404")) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    for (const [file, path] of pages) {
      await page.goto(path);
      await page.screenshot({ path: `${pictures}${file}.${name}.png`, fullPage: true });
      expect.soft(await findings(page), `${path} ${name}`).toEqual([]);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect.soft(overflow, `${path} is wider than its window`).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);

/** What axe finds: the rule, and where. */
async function findings(page: Page): Promise<readonly string[]> {
  // Past the page's own policy, which would refuse any other script.
  await page.evaluate(axe);
  const result: { violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] } =
    await page.evaluate("axe.run()");
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary}`),
  );
}
