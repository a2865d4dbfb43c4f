import { asMember } from "@talkme/test-postgres";
import { escapeIdentifier, escapeLiteral } from "pg";

import { withClient } from "../stage/postgres.ts";

/** Creates a login, gives it the database, and returns its URL: peers create their own schema. */
export async function asOwner(url: string, login: string): Promise<string> {
  await withClient(url, async (client) => {
    await client.query(`create role ${escapeIdentifier(login)} login password ${escapeLiteral(login)}`);
    const database = escapeIdentifier(new URL(url).pathname.slice(1));
    await client.query(`alter database ${database} owner to ${escapeIdentifier(login)}`);
  });
  return asMember(url, login, login);
}
