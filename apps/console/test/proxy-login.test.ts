import { request, type OutgoingHttpHeaders } from "node:http";

import { expect, test } from "vitest";

import { byHeader, Stage } from "./support/stage.ts";

/** Asks for the first page from an address of this machine. */
async function ask(
  stage: Stage,
  from: string,
  headers: OutgoingHttpHeaders,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(stage.console.url, { localAddress: from, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    sent.once("error", reject);
    sent.end();
  });
}

test("the header of the proxy counts from its own addresses alone", async () => {
  const settings = { ...byHeader, TALKME_CONSOLE_PROXY_ADDRESSES: "127.0.0.2, 127.0.1.0/24" };
  const stage = await Stage.open({ settings });
  const name = { "x-forwarded-user": "ana.lima" };
  for (const from of ["127.0.0.2", "127.0.1.77"]) {
    const { status, text } = await ask(stage, from, name);
    expect(status).toBe(200);
    expect(text).toContain("Você entrou como ana.lima");
  }
  // Whoever reaches the console directly is nobody, whatever they claim about the way that they came.
  for (const claim of [
    {},
    { "x-forwarded-for": "127.0.0.2" },
    { "x-real-ip": "127.0.0.2" },
    { forwarded: "for=127.0.0.2" },
  ])
    for (const from of ["127.0.0.1", "127.0.0.3", "127.0.2.1"]) {
      const { status, text } = await ask(stage, from, { ...name, ...claim });
      expect(status).toBe(401);
      expect(text).not.toContain("ana.lima");
    }
});

test("a header that comes twice, empty, or with more than a name lets nobody in", async () => {
  const stage = await Stage.open();
  expect((await ask(stage, "127.0.0.1", {})).status).toBe(401);
  for (const header of [
    ["ana.lima", "vera.reis"],
    "ana.lima, vera.reis",
    "",
    " ",
    "ana.lima vera.reis",
    "x".repeat(201),
  ])
    expect((await ask(stage, "127.0.0.1", { "x-forwarded-user": header })).status).toBe(401);
});

test("nobody becomes a role of the product, of PostgreSQL, or one that the console was not granted, by calling themselves that", async () => {
  const stage = await Stage.open();
  for (const name of [
    "postgres",
    "talkme_operator",
    "talkme_console",
    "test_console",
    "pg_monitor",
    "nadia.luz",
    "nobody",
  ]) {
    const { status, text } = await ask(stage, "127.0.0.1", { "x-forwarded-user": name });
    expect([name, status]).toEqual([name, 403]);
    expect(text).toContain(`${name} não tem acesso`);
  }
});

test("a name of the proxy's may stand for a role of another name", async () => {
  const stage = await Stage.open();
  await stage.sql(
    "insert into talkme.console_account (name, role) values ('ana@empresa.example', 'ana.lima')",
  );
  const headers = { "x-forwarded-user": "ana@empresa.example", origin: stage.console.url };
  const response = await fetch(`${stage.console.url}/pausas`, {
    method: "POST",
    headers,
    body: new URLSearchParams({ tipo: "campaign", qual: "1", motivo: "teste" }),
    redirect: "manual",
  });
  expect(response.status).toBe(303);
  expect(await stage.sql("select scope, paused_by from talkme.paused")).toEqual([
    { scope: "campaign:1", paused_by: "ana.lima" },
  ]);
});

test("behind a proxy there is no log-in by password", async () => {
  const stage = await Stage.open();
  expect((await stage.get("/entrar", "ana.lima")).status).toBe(404);
  expect((await stage.post("/entrar", "ana.lima", { nome: "ana", senha: "x" })).status).toBe(404);
});
