import { expect, test } from "vitest";

import { runConsole } from "./support/console-process.ts";
import { Stage } from "./support/stage.ts";

test("wrong settings are reported all at once, without secrets, and end the process with 78", async () => {
  const { code, out, err } = await runConsole([], {
    TALKME_CONSOLE_DATABASE_URL: "mysql://user:secret@host/db",
    TALKME_CONSOLE_HTTP_PORT: "70000",
    TALKME_CONSOLE_LOGIN: "proxy",
    TALKME_CONSOLE_PROXY_ADDRESSES: "10.0.0.1, somewhere",
    TALKME_CONSOLE_PUBLIC_URL: "console.example.com/path",
  });
  expect(code).toBe(78);
  expect(out).toBe("");
  for (const name of ["DATABASE_URL", "HTTP_PORT", "PROXY_ADDRESSES", "PUBLIC_URL"])
    expect(err).toContain(`TALKME_CONSOLE_${name} is`);
  expect(err).not.toContain("secret");
});

test("passwords never cross a network readable: without TLS, log-in by password listens on this machine alone", async () => {
  const settings = {
    TALKME_CONSOLE_DATABASE_URL: "postgresql://localhost/x",
    TALKME_CONSOLE_HTTP_HOST: "0.0.0.0",
  };
  const { code, err } = await runConsole([], settings);
  expect(code).toBe(78);
  expect(err).toContain("TALKME_CONSOLE_PUBLIC_URL");
});

test("/livez asks nobody, /readyz the database and its schema; a signal ends the process with 0", async () => {
  const stage = await Stage.open();
  const { url } = stage.console;
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: "ok" });
  await stage.sql("delete from talkme.migration");
  const unready = await fetch(`${url}/readyz`);
  expect(unready.status).toBe(503);
  expect(await unready.json()).toMatchObject({ reasons: [expect.stringContaining("syncd migrate")] });
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  expect(await stage.console.stop()).toBe(0);
});

test("without its database the console stays, and says so in a sentence", async () => {
  const stage = await Stage.open({
    settings: {
      TALKME_CONSOLE_LOGIN: "proxy",
      TALKME_CONSOLE_PROXY_ADDRESSES: "127.0.0.1",
      TALKME_CONSOLE_DATABASE_URL: "postgresql://nobody@127.0.0.1:9/none",
    },
  });
  const response = await stage.get("/", "ana.lima");
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("O banco de dados não responde agora");
  expect((await fetch(`${stage.console.url}/livez`)).status).toBe(200);
  expect((await fetch(`${stage.console.url}/readyz`)).status).toBe(503);
});

test("a page holds nothing of another host, and lets no inline script or style run", async () => {
  const stage = await Stage.open();
  const response = await stage.get("/", "ana.lima");
  expect(response.headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
      "base-uri 'none'; frame-ancestors 'none'",
  );
  const text = await response.text();
  expect(text).not.toMatch(/ style=|<style| on[a-z]+=|<script>|https?:\/\//);
});

test("a form that is too large, or has what the page cannot use, changes nothing and says which field", async () => {
  const stage = await Stage.open();
  const large = await stage.post("/pausas", "ana.lima", { tipo: "all", motivo: "x".repeat(70_000) });
  expect(large.status).toBe(413);
  for (const form of [
    { tipo: "campaign", motivo: "x" },
    { tipo: "all", qual: "1", motivo: "x" },
  ]) {
    const response = await stage.post("/pausas", "ana.lima", form);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain("qual");
  }
  expect(await stage.ask("select count(*) from talkme.paused")).toBe("0");
});
