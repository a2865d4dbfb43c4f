import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

import { actAsConsole, becomePerson, listAccounts, removeAccount, saveAccount } from "@talkme/outbox/console";
import type { OutboxDatabase } from "@talkme/outbox";
import type { Kysely } from "kysely";

import type { Environment } from "./config/environment.ts";
import { readDatabaseUrl } from "./config/settings.ts";
import { openDatabase } from "./database/database.ts";
import { hashPassword, leastPasswordLength } from "./persons/password.ts";
import type { Terminal } from "./terminal.ts";

const statementMs = 10_000;

/**
 * Creates an account, or changes its role and password.
 *
 * @throws if the password is too short, or the role may not use the console.
 */
export async function addAccount(
  environment: Environment,
  { name, role }: { readonly name: string; readonly role: string },
  terminal: Terminal,
): Promise<void> {
  const url = readDatabaseUrl(environment);
  const password = await askPassword(terminal);
  if (password.length < leastPasswordLength)
    throw new Error(`The password is too short: at least ${leastPasswordLength} characters.`);
  const hash = await hashPassword(password);
  await asConsole(url, async (db) => {
    await saveAccount(db, { name, role, password: hash });
    // Before the commit: an account that nobody could use is not kept.
    if ((await becomePerson(db, name, "read only", "en")) === null)
      throw new Error(
        `The role ${role} cannot use the console. It must exist, be no superuser and a member of talkme_viewer, talkme_operator, ` +
          `talkme_marketing or talkme_producer, and be granted to the console's login: grant ${role} to LOGIN.`,
      );
  });
  terminal.out(`${name} logs in as the role ${role}.\n`);
}

/** @throws if there is none. */
export async function removeNamedAccount(
  environment: Environment,
  name: string,
  terminal: Terminal,
): Promise<void> {
  const wasThere = await asConsole(readDatabaseUrl(environment), (db) => removeAccount(db, name));
  if (!wasThere) throw new Error(`There is no account ${name}.`);
  terminal.out(`${name} is removed, and logged out.\n`);
}

export async function printAccounts(environment: Environment, terminal: Terminal): Promise<void> {
  const accounts = await asConsole(readDatabaseUrl(environment), listAccounts);
  for (const { name, role } of accounts) terminal.out(`${name}\t${role}\n`);
}

async function asConsole<Result>(
  url: string,
  work: (db: Kysely<OutboxDatabase>) => Promise<Result>,
): Promise<Result> {
  const { db, close } = openDatabase(url, () => {});
  try {
    return await db.transaction().execute(async (transaction) => {
      await actAsConsole(transaction, statementMs);
      return work(transaction);
    });
  } finally {
    await close();
  }
}

/** The first line of standard input; at a terminal it is not shown. */
async function askPassword({ input, err }: Terminal): Promise<string> {
  const isTerminal = "isTTY" in input && input.isTTY;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (isTerminal) err("Password: ");
  const lines = createInterface({ input, output: isTerminal ? silent : undefined, terminal: isTerminal });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
    if (isTerminal) err("\n");
  }
}
