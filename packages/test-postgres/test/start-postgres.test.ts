import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { startEmbeddedServer } from "../src/index.ts";

async function ask(url: string, question: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(question);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

test("an embedded server keeps committed rows through a crash and a restart on the same port", async () => {
  const server = await startEmbeddedServer({ inMemory: true, settings: { application_name: "embedded" } });
  onTestFinished(() => server.remove());

  await ask(server.url, "create table kept as select 42 as answer");
  await server.stop("immediate");
  await expect(ask(server.url, "select 1 as answer")).rejects.toThrow("ECONNREFUSED");
  await server.start();

  await expect(ask(server.url, "select answer from kept")).resolves.toBe(42);
});

test("a standby of it can be read and not written, and stays what it was while its primary goes on", async () => {
  const server = await startEmbeddedServer({ inMemory: true });
  onTestFinished(() => server.remove());
  await ask(server.url, "create table kept as select 42 as answer");
  await server.stop("fast");
  const standby = await server.startStandby();
  await server.start();
  await ask(server.url, "update kept set answer = 43");

  await expect(ask(standby.url, "select answer from kept")).resolves.toBe(42);
  await expect(ask(standby.url, "update kept set answer = 44")).rejects.toMatchObject({ code: "25006" });
  await expect(ask(server.url, "select answer from kept")).resolves.toBe(43);
});
