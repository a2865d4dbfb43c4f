import { randomBytes } from "node:crypto";

import { Client } from "pg";
import { inject, onTestFinished } from "vitest";

import { Syncd } from "./syncd.ts";

/** Encodings of databases from before UTF8 was the usual choice. */
export type Encoding = "LATIN1" | "SQL_ASCII" | "WIN1251";

/** Creates a migrated database in an encoding other than UTF8, and returns its URL. */
export async function openDatabaseIn(encoding: Encoding): Promise<string> {
  const serverUrl = inject("postgresUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const onServer = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: serverUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await onServer(
    `create database ${name} encoding '${encoding}' template template0 lc_collate 'C' lc_ctype 'C'`,
  );
  onTestFinished(() => onServer(`drop database ${name} with (force)`));

  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const { code, err } = await Syncd.command(["migrate"], { TALKME_DATABASE_URL: url.href });
  if (code !== 0) throw new Error(`A database in ${encoding} cannot be migrated: ${err}`);
  return url.href;
}
