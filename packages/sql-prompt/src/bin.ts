import { readFileSync } from "node:fs";

import { Command } from "commander";

import { errorText } from "./error-text.ts";
import { SqlPrompt } from "./sql-prompt.ts";
import { SqlSession } from "./sql-session.ts";

/** As syncd's; 78 is EX_CONFIG of sysexits.h. */
const exitCode = { ok: 0, failure: 1, usage: 2, configuration: 78 } as const;

// The reader may be gone: `pnpm sql … | head`.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

const command = new Command("sql")
  .description(
    "Executes SQL in the database of TALKME_DATABASE_URL: the arguments, or what is typed or piped in.",
  )
  .argument("[statements...]", "executed one after the other, up to the first that fails")
  .addHelpText(
    "after",
    "\nExit codes: 0, 1 a statement failed, 2 wrong usage, 78 no usable TALKME_DATABASE_URL.",
  )
  .exitOverride(({ exitCode: code }) => process.exit(code === 0 ? exitCode.ok : exitCode.usage));
// `pnpm sql -- …` passes the two dashes on.
const statements = command.parse(process.argv.slice(process.argv[2] === "--" ? 3 : 2), { from: "user" }).args;

process.exitCode = await run();

async function run(): Promise<number> {
  const url = readUrl();
  if (url instanceof Error) {
    complain(`sql: ${url.message}`);
    return exitCode.configuration;
  }
  try {
    await using session = await SqlSession.connect(url, complain);
    return statements.length > 0 ? await executeAll(session) : await prompt(session);
  } catch (error) {
    complain(errorText(error, ""));
    return exitCode.failure;
  }
}

async function executeAll(session: SqlSession): Promise<number> {
  for (const statement of statements) {
    const { ok, text } = await session.execute(statement);
    (ok ? say : complain)(text);
    if (!ok) return exitCode.failure;
  }
  return exitCode.ok;
}

async function prompt(session: SqlSession): Promise<number> {
  if (process.stdin.isTTY) say("A statement ends with a semicolon. help lists the rest, quit ends.");
  const sql = new SqlPrompt({ session, input: process.stdin, output: process.stdout });
  const end = await sql.ended;
  return (end === "ended" && sql.hasFailed) || session.isLost ? exitCode.failure : exitCode.ok;
}

/** Never quotes the URL, which may hold a password. */
function readUrl(): string | Error {
  const name = "TALKME_DATABASE_URL";
  const { [name]: direct = "", [`${name}_FILE`]: file = "" } = process.env;
  if (direct !== "" && file !== "")
    return new Error(`${name} and ${name}_FILE are both set: keep one of them`);
  if (direct === "" && file === "")
    return new Error(`${name} is missing: expected postgresql://user:password@host:5432/database`);
  let url = direct;
  try {
    if (file !== "") url = readFileSync(file, "utf8").trim();
  } catch {
    return new Error(`${name}_FILE: the file ${file} cannot be read`);
  }
  const [, hosts = ""] = /^postgres(?:ql)?:\/\/(?:[^/?#]*@)?([^/?#@]*)/.exec(url) ?? [];
  if (hosts.includes(",")) return new Error(`${name} names several hosts: give the one to connect to`);
  return /^postgres(?:ql)?:\/\//.test(url)
    ? url
    : new Error(`${name} is not usable: expected postgresql://user:password@host:5432/database`);
}
