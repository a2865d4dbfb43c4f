import { expect, onTestFinished, test } from "vitest";

import { Stage } from "./support/stage.ts";

/** Replaces a function that the page of messages calls, so that it does something else besides. */
async function sabotage(stage: Stage, statement: string): Promise<void> {
  await stage.sql("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)");
  await stage.sql(`
    create or replace function talkme.sees_every_row() returns boolean language plpgsql volatile security definer as $$
      begin ${statement}; return true; end $$`);
}

test("a page changes nothing, even where a function that it calls would", async () => {
  const stage = await Stage.open();
  await sabotage(stage, "perform talkme.record_audit('pause', '{}', 0, 'by a page')");
  const response = await stage.get("/mensagens", "ana.lima");
  expect(response.status).toBe(403);
  expect(await stage.ask("select count(*) from talkme.audit")).toBe("0");
});

test("a page that takes too long is given up, and says so", async () => {
  const stage = await Stage.open();
  await sabotage(stage, "perform pg_sleep(60)");
  const response = await stage.get("/mensagens", "ana.lima");
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("O banco de dados demorou demais");
});

test("one person's request leaves nothing of their rights to the next one", async () => {
  const stage = await Stage.open();
  const requests = Array.from({ length: 40 }, async (_, i) => {
    const person = i % 2 === 0 ? "ana.lima" : "malu.dias";
    return [person, (await stage.get("/auditoria", person)).status] as const;
  });
  for (const [person, status] of await Promise.all(requests))
    expect(status).toBe(person === "ana.lima" ? 200 : 403);
});

test("a superuser, and a role of the product, are no persons, even if the console was granted them", async () => {
  const stage = await Stage.open();
  await stage.sql(`create role "raiz.pires" superuser; grant "raiz.pires" to test_console`);
  onTestFinished(async () => {
    await stage.sql(`drop role "raiz.pires"`);
  });
  for (const name of ["raiz.pires", "talkme_console"]) {
    const response = await fetch(`${stage.console.url}/`, { headers: { "x-forwarded-user": name } });
    expect([name, response.status]).toEqual([name, 403]);
    expect(await response.text()).toContain("não tem acesso");
  }
});
