import { createDatabase, createMember, startPostgres, templateName } from "@talkme/test-postgres";
import type { TestProject } from "vitest/node";

import { migrate } from "../../src/index.ts";
import { connect } from "./connect.ts";

/** Starts one server for the whole run and migrates the template of the tests' databases. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({ inMemory: true });
  project.provide("postgresUrl", server.url);
  const template = await createDatabase(server.url, { name: templateName });
  const db = connect(template.url);
  await migrate(db);
  await createMember(template.url, "talkme_daemon");
  await db.destroy();
  return () => server.remove();
}
