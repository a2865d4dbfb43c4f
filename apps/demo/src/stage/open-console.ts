import { randomBytes } from "node:crypto";

import { Client } from "pg";

import { fillForConsole } from "../rows/console-data.ts";
import { Console } from "./console.ts";
import type { Announcer } from "./stage.ts";

/** Who logs in: an operator, and a member of a campaign team. */
export const accounts = [
  { name: "ana", role: "ana.lima", may: "talkme_operator" },
  { name: "malu", role: "malu.dias", may: "talkme_marketing" },
] as const;

const login = "console";

export interface OpenConsole extends AsyncDisposable {
  readonly url: string;
  /** Of all accounts; another one at each start. */
  readonly password: string;
}

/** Starts the console on data worth looking at, with people and a login as in production (docs/console.md). */
export async function openConsole(databaseUrl: string, announcer: Announcer): Promise<OpenConsole> {
  announcer.starting("talkme-console");
  const password = randomBytes(9).toString("base64url");
  const loginPassword = randomBytes(18).toString("base64url");
  await createRoles(databaseUrl, loginPassword);
  await fillForConsole(databaseUrl);
  const url = new URL(databaseUrl);
  url.username = login;
  url.password = loginPassword;
  const console = await Console.start({ databaseUrl: url.href, accounts, password });
  announcer.started("talkme-console", `the pages for people, at ${console.url}`);
  return {
    url: console.url,
    password,
    [Symbol.asyncDispose]: () => console[Symbol.asyncDispose](),
  };
}

async function createRoles(databaseUrl: string, loginPassword: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const people = accounts.map(({ role, may }) => `create role "${role}" in role ${may};`);
    await client.query(`
      create role ${login} login noinherit password '${loginPassword}' in role talkme_console;
      ${people.join("\n")}
      grant ${accounts.map(({ role }) => `"${role}"`).join(", ")} to ${login};
    `);
  } finally {
    await client.end();
  }
}
