import { Client, escapeIdentifier } from "pg";

/** Who uses the console in tests, and the role of the product that each is a member of. */
export const people = {
  "ana.lima": "talkme_operator",
  "vera.reis": "talkme_viewer",
  "malu.dias": "talkme_marketing",
  "paulo.cruz": "talkme_producer",
  /** Has a role of her own, and none of the product. */
  "nadia.luz": null,
} as const;

export type PersonName = keyof typeof people;

const login = "test_console";

/** Two test files at once: roles belong to the whole server. */
const existsAlready = new Set(["42710", "23505"]);

/**
 * Creates the people and the console's own login, unless the server has them, and returns the login's URL. It inherits nothing, and
 * may become each of them.
 */
export async function createPeople(ownerUrl: string): Promise<string> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  const create = async (statement: string): Promise<void> => {
    await client.query(statement).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && existsAlready.has(String(error.code)))) throw error;
    });
  };
  try {
    // One test file at a time: concurrent grants of the same role fail.
    await client.query("select pg_advisory_lock(9465)");
    await create(`create role ${login} login noinherit password '${login}' in role talkme_console`);
    for (const [name, role] of Object.entries(people)) {
      await create(`create role ${escapeIdentifier(name)}${role === null ? "" : ` in role ${role}`}`);
      await create(`grant ${escapeIdentifier(name)} to ${login}`);
    }
  } finally {
    await client.end();
  }
  const url = new URL(ownerUrl);
  url.username = login;
  url.password = login;
  return url.href;
}
