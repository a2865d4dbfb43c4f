import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, type TestContext } from "vitest";

import { openBrowser } from "./support/browser.ts";
import { fill } from "./support/data.ts";
import type { PersonName } from "./support/people.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
let browser: Browser | undefined;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  stage = await Stage.open({ onEnd: (end) => void ends.push(end) });
  await fill(stage);
});

afterAll(async () => {
  await browser?.close();
  for (const end of ends) await end();
});

async function open(
  context: TestContext,
  person: PersonName,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  browser ??= await openBrowser(context);
  const session = await browser.newContext({
    baseURL: stage.console.url,
    extraHTTPHeaders: { "x-forwarded-user": person },
    locale: "pt-BR",
    ...options,
  });
  const page = await session.newPage();
  await page.goto(path);
  return page;
}

/** Presses Tab until the element has the focus; a person would give up as well. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`)) return;
  }
  throw new Error(`Tab never reaches ${selector}.`);
}

test("with the keyboard alone: from what needs a person to a decision about one message", async (context) => {
  const page = await open(context, "ana.lima", "/");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Ir para o conteúdo");
  await tabTo(page, 'a.button[href="/desconhecidos"]');
  await page.keyboard.press("Enter");
  await page.waitForURL("**/desconhecidos");
  await tabTo(page, 'summary[aria-label="Decidir: Mensagem 42"]');
  await page.keyboard.press("Enter");
  await tabTo(page, 'form[action="/desconhecidos/42"] input[value="sent"]');
  await page.keyboard.press("Space");
  await tabTo(page, 'form[action="/desconhecidos/42"] button');
  await page.keyboard.press("Enter");
  await page.getByRole("status").waitFor();
  expect(await page.getByRole("status").textContent()).toContain("Decidido sobre 1 mensagem");
  expect(await stage.ask("select status from talkme.outbox where id = 42")).toBe("sent");
  await page.reload();
  expect(await page.getByRole("status").count()).toBe(0);
  await page.context().close();
});

test("many are decided at once only by whoever types how many they are, and by none if there are more by now", async (context) => {
  await stage.sql(`
    update talkme.outbox set status = 'unknown', attempts = 1, fence = 1, claimed_by = 'syncd-a', claimed_at = now() - interval '1 minute',
      error_code = 'server_error' where id in (select id from talkme.outbox where id_campanha = 777 order by id limit 30);
    insert into talkme.outbox (numero_dest, id_campanha) select '419' || (55550000 + i), 777 from generate_series(1, 90) as i;
    update talkme.outbox set status = 'unknown', attempts = 1, fence = 1, claimed_by = 'syncd-a', claimed_at = now() - interval '1 minute',
      error_code = 'server_error' where id_campanha = 777 and status = 'pending'`);
  const page = await open(context, "ana.lima", "/desconhecidos?campanha=777");
  await page.getByRole("link", { name: "Decidir sobre todas estas" }).click();
  expect(await page.textContent("main")).toContain("São 120 mensagens.");
  const typed = page.getByLabel("Digite 120 para confirmar");
  const confirm = page.getByRole("button", { name: "Marcar como não enviadas" });
  const unknown = async () =>
    stage.ask("select count(*) from talkme.outbox where id_campanha = 777 and status = 'unknown'");

  await typed.fill("12");
  await confirm.click();
  expect(await page.getByRole("alert").textContent()).toContain("não é 120. Nada foi feito");
  expect(await unknown()).toBe("120");

  // Somebody else decides about one of them meanwhile.
  await stage.sql(
    `select talkme.resolve((select max(id) from talkme.outbox where id_campanha = 777), 'sent')`,
  );
  await typed.fill("120");
  await confirm.click();
  expect(await page.getByRole("alert").textContent()).toContain("o número mudou. Nada foi feito");
  expect(await unknown()).toBe("119");

  await page.getByLabel("Digite 119 para confirmar").fill("119");
  await confirm.click();
  expect(await page.getByRole("status").textContent()).toContain("Decidido sobre 119 mensagens");
  expect(await unknown()).toBe("0");
  await page.context().close();
});

test("without scripts, pages are read, and a campaign is paused and resumed", async (context) => {
  const page = await open(context, "malu.dias", "/campanhas/123456", { javaScriptEnabled: false });
  await page.getByText("Pausar a campanha").first().click();
  await page.getByLabel("Por quê?").fill("preço errado");
  await page.getByRole("button", { name: "Pausar a campanha" }).click();
  expect(await page.getByRole("status").textContent()).toContain("Campanha 123456: em pausa");
  await page.getByRole("button", { name: "Retomar a campanha" }).click();
  expect(await page.getByRole("status").textContent()).toContain("Campanha 123456: retomada");
  await page.context().close();
});

test("an open page shows what changes without being loaded again, and asks nothing while nobody sees it", async (context) => {
  const page = await open(context, "ana.lima", "/campanhas/2001");
  await page.clock.install();
  await page.reload();
  let requests = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/campanhas/2001")) requests += 1;
  });
  const sent = page.locator(".figure", { hasText: "Canceladas" }).locator("dd");
  const before = Number(await sent.textContent());
  await stage.sql(
    `select talkme.cancel((select max(id) from talkme.outbox where id_campanha = 2001 and status = 'pending'))`,
  );
  await page.clock.fastForward(16_000);
  await expect.poll(async () => Number(await sent.textContent())).toBe(before + 1);
  expect(requests).toBe(1);

  const hide = async (hidden: boolean): Promise<unknown> =>
    page.evaluate(`Object.defineProperty(document, "hidden", { get: () => ${hidden}, configurable: true })`);
  await hide(true);
  await page.clock.fastForward(16_000);
  // Whatever the page has asked for by now was asked before this.
  await page.evaluate("fetch('/livez').then((answer) => answer.text())");
  expect(requests).toBe(1);
  await hide(false);
  await page.clock.fastForward(16_000);
  await expect.poll(() => requests).toBe(2);
  await page.context().close();
});

test("whom a message is for is shown after a reason, and is gone when the page is left and come back to", async (context) => {
  const page = await open(context, "ana.lima", "/mensagens/43");
  expect(await page.textContent("main")).not.toContain("88880043");
  await page.getByText("Mostrar para quem é").first().click();
  await page.getByLabel("Por que você precisa ver?").fill("a pessoa ligou");
  await page.getByRole("button", { name: "Mostrar para quem é" }).click();
  expect(await page.getByRole("region", { name: "Dados pessoais" }).textContent()).toContain("11988880043");
  expect(page.url()).not.toContain("8888");
  await page.goto("/mensagens/43");
  expect(await page.textContent("main")).not.toContain("88880043");
  await page.context().close();
});
