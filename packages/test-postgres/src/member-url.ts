import { Client, escapeIdentifier, escapeLiteral } from "pg";

/** Somebody else was faster: roles belong to the whole server, and test files run side by side. */
const existsAlready = ["42710", "23505"];

/**
 * The same database as seen by a login that has the privileges of `role` and no others.
 *
 * @param url Of somebody who may create roles.
 * @param login By default the same for all tests of a server: `test_` and the role's name.
 */
export async function memberUrl(url: string, role: string, login = `test_${role}`): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client
      .query(
        `create role ${escapeIdentifier(login)} login password ${escapeLiteral(login)} in role ${escapeIdentifier(role)}`,
      )
      .catch((error: unknown) => {
        if (!(error instanceof Error && "code" in error && existsAlready.includes(String(error.code))))
          throw error;
      });
  } finally {
    await client.end();
  }
  const changed = new URL(url);
  changed.username = login;
  changed.password = login;
  return changed.href;
}
