import { randomBytes } from "node:crypto";

import { Client, escapeIdentifier } from "pg";

/** A database of its own on a shared server. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Ends every session in it and drops it. */
  drop(): Promise<void>;
}

/** Creates a database, optionally as a copy of `template` (milliseconds instead of seconds of migration). */
export async function createDatabase(
  serverUrl: string,
  options: { readonly name?: string; readonly template?: string } = {},
): Promise<TestDatabase> {
  const name = options.name ?? `test_${randomBytes(6).toString("hex")}`;
  const template = options.template === undefined ? "" : ` template ${escapeIdentifier(options.template)}`;
  await execute(serverUrl, `create database ${escapeIdentifier(name)}${template}`);
  return {
    name,
    url: withDatabase(serverUrl, name),
    drop: () => execute(serverUrl, `drop database if exists ${escapeIdentifier(name)} with (force)`),
  };
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, ssl: false });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
