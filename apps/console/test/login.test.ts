import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { runConsole } from "./support/console-process.ts";
import { Stage } from "./support/stage.ts";

const password = "uma senha bem comprida";

/** A console with log-in by password, and ana's account. */
async function openLocal(): Promise<Stage> {
  const stage = await Stage.open({ settings: { TALKME_CONSOLE_LOGIN: "local" } });
  const settings = { TALKME_CONSOLE_DATABASE_URL: stage.consoleUrl };
  const added = await runConsole(["account", "add", "ana", "--role", "ana.lima"], settings, `${password}\n`);
  expect(added).toEqual({ code: 0, out: "ana logs in as the role ana.lima.\n", err: "" });
  return stage;
}

async function logIn(stage: Stage, name: string, senha: string, headers = {}): Promise<Response> {
  return fetch(`${stage.console.url}/entrar`, {
    method: "POST",
    headers: { origin: stage.console.url, ...headers },
    body: new URLSearchParams({ nome: name, senha }),
    redirect: "manual",
  });
}

function cookieOf(response: Response): string {
  return response.headers.getSetCookie().find((one) => one.startsWith("talkme=")) ?? "";
}

async function visit(stage: Stage, cookie: string, path = "/"): Promise<Response> {
  return fetch(`${stage.console.url}${path}`, { headers: { cookie }, redirect: "manual" });
}

test("whoever logs in gets a cookie that no script reads and no other site sends; the database keeps its hash alone", async () => {
  const stage = await openLocal();
  const response = await logIn(stage, "ana", password);
  expect(response.status).toBe(303);
  const cookie = cookieOf(response);
  expect(cookie).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
  const token = /^talkme=([\w-]{43});/.exec(cookie)?.[1] ?? "";
  expect(await stage.sql("select token_hash, name from talkme.console_session")).toEqual([
    { token_hash: createHash("sha256").update(token).digest(), name: "ana" },
  ]);
  const page = await visit(stage, `talkme=${token}`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("Você entrou como ana");
  expect(JSON.stringify(stage.console.lines)).not.toContain(token);

  const kept = await stage.ask("select password from talkme.console_account");
  expect(kept).toMatch(/^scrypt\$/);
});

test("a session ends by log-out, by its age, by two idle hours, and with its account", async () => {
  const stage = await openLocal();
  const open = async (): Promise<string> => cookieOf(await logIn(stage, "ana", password)).split(";")[0] ?? "";
  const isOpen = async (cookie: string): Promise<boolean> => (await visit(stage, cookie)).status === 200;

  const loggedOut = await open();
  expect(await isOpen(loggedOut)).toBe(true);
  await fetch(`${stage.console.url}/sair`, {
    method: "POST",
    headers: { cookie: loggedOut, origin: stage.console.url },
    redirect: "manual",
  });
  expect(await isOpen(loggedOut)).toBe(false);

  const aged = await open();
  await stage.sql("update talkme.console_session set expires_at = now()");
  expect(await isOpen(aged)).toBe(false);

  const idle = await open();
  await stage.sql("update talkme.console_session set seen_at = now() - interval '121 minutes'");
  expect(await isOpen(idle)).toBe(false);

  const removed = await open();
  const settings = { TALKME_CONSOLE_DATABASE_URL: stage.consoleUrl };
  expect((await runConsole(["account", "remove", "ana"], settings)).code).toBe(0);
  expect(await isOpen(removed)).toBe(false);
  expect(await isOpen("talkme=invented")).toBe(false);
});

test("a wrong password and a name that nobody has read the same", async () => {
  const stage = await openLocal();
  const wrong = await (await logIn(stage, "ana", "errada")).text();
  expect(wrong).toContain("Nome ou senha não conferem");
  expect(await (await logIn(stage, "ninguem", "errada")).text()).toBe(wrong);
});

test("many tries at the same moment are not all looked at: most have to wait", async () => {
  const stage = await openLocal();
  const texts = await Promise.all(
    Array.from({ length: 30 }, async () => (await logIn(stage, "ana", "errada")).text()),
  );
  expect(texts.filter((text) => text.includes("Muitas tentativas")).length).toBeGreaterThan(20);
  expect(await stage.ask("select count(*) from talkme.console_session")).toBe("0");
});

test("a form of another site is refused, whatever it says it is", async () => {
  const stage = await openLocal();
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  ])
    expect((await logIn(stage, "ana", password, headers)).status).toBe(403);
  expect(await stage.ask("select count(*) from talkme.console_session")).toBe("0");
});

test("an account that could not be used is not created, and says what is missing", async () => {
  const stage = await Stage.open({ settings: { TALKME_CONSOLE_LOGIN: "local" } });
  const settings = { TALKME_CONSOLE_DATABASE_URL: stage.consoleUrl };
  const add = async (name: string, secret: string) =>
    runConsole(["account", "add", name], settings, `${secret}\n`);
  expect(await add("ana.lima", "curta")).toMatchObject({
    code: 1,
    err: expect.stringContaining("at least 12"),
  });
  for (const role of ["postgres", "talkme_operator", "nadia.luz", "no-such-role"])
    expect(await add(role, password)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`grant ${role} to`),
    });
  expect(await stage.ask("select count(*) from talkme.console_account")).toBe("0");
});

test("behind TLS the cookie is secure, and bound to the host", async () => {
  const stage = await Stage.open({
    settings: { TALKME_CONSOLE_LOGIN: "local", TALKME_CONSOLE_PUBLIC_URL: "https://console.example.com" },
  });
  const settings = { TALKME_CONSOLE_DATABASE_URL: stage.consoleUrl };
  await runConsole(["account", "add", "ana.lima"], settings, `${password}\n`);
  expect((await logIn(stage, "ana.lima", password)).status).toBe(403);
  const response = await logIn(stage, "ana.lima", password, { origin: "https://console.example.com" });
  expect(response.headers.getSetCookie()[0]).toMatch(
    /^__Host-talkme=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect(response.headers.get("strict-transport-security")).toMatch(/max-age/);
});
