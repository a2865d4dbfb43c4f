import { Client, escapeIdentifier, escapeLiteral } from "pg";

/** Another test file was faster: roles belong to the whole server. */
const existsAlready = new Set(["42710", "23505"]);

/** The login that {@link createMember} creates for a role. */
function loginOf(role: string): string {
  return `test_${role}`;
}

/**
 * Creates a login that has the privileges of `role` and no others, unless the server has it already.
 *
 * @param url Of a user who may create roles.
 * @param login Also the password. By default `test_` and the role's name, the same for all tests of a server.
 */
export async function createMember(url: string, role: string, login = loginOf(role)): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const [name, password, group] = [escapeIdentifier(login), escapeLiteral(login), escapeIdentifier(role)];
    await client.query(`create role ${name} login password ${password} in role ${group}`);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && existsAlready.has(String(error.code)))) throw error;
  } finally {
    await client.end();
  }
}

/** The URL of the same database for that login. */
export function asMember(url: string, role: string, login = loginOf(role)): string {
  const changed = new URL(url);
  changed.username = login;
  changed.password = login;
  return changed.href;
}

/** Creates the login if necessary, and returns its URL. */
export async function memberUrl(url: string, role: string, login = loginOf(role)): Promise<string> {
  await createMember(url, role, login);
  return asMember(url, role, login);
}
