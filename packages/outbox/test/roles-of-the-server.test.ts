import { createDatabase, startEmbeddedServer } from "@talkme/test-postgres";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { migrate, readSchemaState } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { migrationNames } from "./support/earlier-schema.ts";

// A server of its own: on the shared one the roles exist already.
test("a role that may creates the roles once; any other gets the SQL to ask for, and then goes on", async () => {
  const server = await startEmbeddedServer({ inMemory: true });
  onTestFinished(() => server.remove());
  const superuser = connect(server.url);
  onTestFinished(() => superuser.destroy());
  await sql`create role migrator login password 'migrator'`.execute(superuser);
  const theirs = await createDatabase(server.url);
  await sql.raw(`alter database ${theirs.name} owner to migrator`).execute(superuser);
  const url = new URL(theirs.url);
  url.username = "migrator";
  url.password = "migrator";
  const migrator = connect(url.href);
  onTestFinished(() => migrator.destroy());

  await expect(migrate(migrator)).rejects.toThrow(
    /Migration failed at 0001_baseline\. Nothing was changed\. .*role talkme_console does not exist, and migrator may not create it\. .*create role talkme_producer nologin;/,
  );

  const others = await Promise.all(
    [1, 2, 3].map(async () => connect((await createDatabase(server.url)).url)),
  );
  onTestFinished(async () => {
    await Promise.all(others.map((db) => db.destroy()));
  });
  expect(await Promise.all(others.map((db) => migrate(db)))).toEqual(others.map(() => migrationNames));
  const { rows } = await sql`select rolname from pg_roles where rolname ~ '^talkme_'`.execute(superuser);
  expect(rows).toHaveLength(6);

  expect(await migrate(migrator)).toEqual(migrationNames);
  expect(await readSchemaState(migrator)).toEqual({ kind: "current" });
});
