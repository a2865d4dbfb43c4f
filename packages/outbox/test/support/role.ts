import { inject, onTestFinished } from "vitest";
import { Client } from "pg";

import type { TestOutbox } from "./outbox.ts";

/** A connection that acts as one role. */
export interface Person {
  /** The first column of a query's first row. */
  readonly ask: (query: string) => Promise<unknown>;
}

/**
 * Creates a role that may call functions, and connects as it. Roles belong to the server, so it is dropped after the
 * test.
 *
 * @param memberOf A role of the product, created if missing and kept.
 */
export async function personOf(outbox: TestOutbox, name: string, memberOf?: string): Promise<Person> {
  await outbox.ask(`create role ${name}`);
  if (memberOf !== undefined) {
    await outbox.ask(
      `do $$ begin create role ${memberOf}; exception when duplicate_object then null; end $$`,
    );
    await outbox.ask(`grant ${memberOf} to ${name}`);
  }
  await outbox.ask(`grant usage on schema talkme to ${name}`);
  await outbox.ask(`grant execute on all functions in schema talkme to ${name}`);
  await outbox.ask(`grant insert, select on talkme.outbox to ${name}`);
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  await client.query(`set role ${name}`);
  onTestFinished(async () => {
    await client.query("reset role");
    await client.query(`drop owned by ${name}`);
    await client.end();
    const server = new Client({ connectionString: inject("postgresUrl") });
    await server.connect();
    await server.query(`drop role if exists ${name}`);
    await server.end();
  });
  return {
    ask: async (query) =>
      Object.values((await client.query<Record<string, unknown>>(query)).rows[0] ?? {})[0],
  };
}
