import { createDatabase, createMember, memberUrl, startEmbeddedServer } from "@talkme/test-postgres";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { check, found } from "./support/check.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";

// A server of its own: roles are shared by all databases.
test("renamed, dropped or overpowered roles, and schemas where others may create functions, are named with the remedy", async () => {
  const server = await startEmbeddedServer({ inMemory: true });
  onTestFinished(() => server.remove());
  const { url } = await createDatabase(server.url);
  const environment = environmentFor(url, "http://127.0.0.1:9");
  expect((await Syncd.command(["migrate"], environment)).code).toBe(0);
  await createMember(url, "talkme_daemon");
  const owner = new Client({ connectionString: url });
  await owner.connect();
  onTestFinished(() => owner.end());
  const shopUrl = await memberUrl(url, "talkme_producer", "shop");
  const shop = new Client({ connectionString: shopUrl });
  await shop.connect();
  await shop.query("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)");
  await shop.end();
  const ofRoles = async (): Promise<readonly unknown[]> =>
    (await check(environment)).findings.filter(({ subject }) => subject === "roles");
  expect(await ofRoles()).toEqual([]);

  await owner.query(`
    alter role shop rename to store;
    alter role talkme_viewer rename to reports;
    alter role talkme_operator superuser login;
    grant create on schema talkme to talkme_producer;
    grant create on schema public to public;`);
  expect(await ofRoles()).toEqual([
    found("roles", "warning", "talkme_viewer does not exist", "alter role NEW_NAME rename to talkme_viewer;"),
    found(
      "roles",
      "warning",
      "talkme_operator is SUPERUSER, LOGIN",
      "alter role talkme_operator NOSUPERUSER NOLOGIN;",
    ),
    found(
      "roles",
      "warning",
      "talkme_producer may create",
      "revoke create on schema talkme from talkme_producer;",
    ),
    found("roles", "warning", "schema public", "revoke create on schema public from public;"),
    found(
      "roles",
      "warning",
      "inserted by shop, a role",
      "create role shop nologin; grant shop to NEW_NAME;",
    ),
  ]);

  // The last remedy works: the renamed producer sees its rows again.
  const seen = async (): Promise<unknown> => {
    await owner.query("set role store");
    const { rows } = await owner.query("select id from talkme.outbox");
    await owner.query("reset role");
    return rows.length;
  };
  expect(await seen()).toBe(0);
  await owner.query("create role shop nologin; grant shop to store;");
  expect(await seen()).toBe(1);
});
