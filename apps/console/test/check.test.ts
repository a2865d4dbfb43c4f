import { Client, escapeIdentifier } from "pg";
import { expect, onTestFinished, test } from "vitest";

import { checkConsole } from "../src/check/check-command.ts";
import { readSettings } from "../src/config/settings.ts";
import { runConsole } from "./support/console-process.ts";
import { Stage } from "./support/stage.ts";

/** A login of this test alone, because roles belong to the whole server; and what `check` prints for it, without a process. */
async function newLogin(stage: Stage, attributes = "noinherit") {
  const login = `check_${crypto.randomUUID().slice(0, 8)}`;
  await stage.sql(`create role ${login} login ${attributes} password '${login}'`);
  const people: string[] = [];
  onTestFinished(async () => {
    const client = new Client({ connectionString: stage.ownerUrl });
    await client.connect();
    for (const role of [...people, login]) await client.query(`drop role ${escapeIdentifier(role)}`);
    await client.end();
  });
  const url = new URL(stage.consoleUrl);
  url.username = login;
  url.password = login;
  const settings = readSettings({ TALKME_CONSOLE_DATABASE_URL: url.href });
  const check = async () => {
    let out = "";
    const terminal = { out: (text: string) => void (out += text), err: () => {}, input: process.stdin };
    return { ok: await checkConsole(settings, terminal), out };
  };
  return { login, people, check };
}

function isProblem(pattern: string | RegExp) {
  return { ok: false, out: expect.stringMatching(pattern) };
}

test("check names what is missing between a login and people at work, one thing after the other, each with its remedy", async () => {
  const stage = await Stage.open();
  const { login, people, check } = await newLogin(stage);

  expect(await check()).toEqual(isProblem(`grant talkme_console to that login. ${login}`));
  await stage.sql(`grant talkme_console to ${login}`);
  expect(await check()).toEqual(isProblem(/^problem +Nobody can use the console/m));

  const person = `${login}.person`;
  people.push(person);
  await stage.sql(`create role "${person}"`);
  await stage.sql(`grant "${person}" to ${login}`);
  expect((await check()).out).toMatch(new RegExp(`^warning +Roles .* may do nothing: .*${person}$`, "m"));
  await stage.sql(`grant talkme_operator to "${person}"`);
  expect(await check()).toEqual(isProblem(/^problem +Nobody can log in by a password/m));

  await stage.sql("insert into talkme.console_account (name, role, password) values ('ana', $1, 'scrypt$')", [
    person,
  ]);
  const complete = await check();
  expect(complete.out).not.toMatch(/^(?:warning|problem)/m);
  expect(complete.ok).toBe(true);

  await stage.sql(`revoke "${person}" from ${login}`);
  expect((await check()).out).toContain(`remove the account. ana (${person})`);
  await stage.sql("delete from talkme.migration");
  expect(await check()).toEqual(isProblem("run syncd migrate"));
});

test("check refuses a superuser as the console's login, and warns of one that inherits", async () => {
  const stage = await Stage.open();
  const superuser = await newLogin(stage, "superuser");
  expect(await superuser.check()).toMatchObject({
    ok: false,
    out: expect.stringMatching(/^problem +.*superuser/m),
  });
  const inheriting = await newLogin(stage, "inherit in role talkme_console");
  expect((await inheriting.check()).out).toMatch(/^warning +.*noinherit.* talkme_console$/m);
});

test("the start says in the log what check finds, and names nobody; a database that is away does not keep it from starting", async () => {
  const stage = await Stage.open({ settings: { TALKME_CONSOLE_LOGIN: "local" } });
  const log = (): string => stage.console.lines.join("\n");
  await expect.poll(log).toContain("Nobody can log in by a password");
  expect(log()).not.toContain("ana.lima");

  const away = { TALKME_CONSOLE_DATABASE_URL: "postgresql://nobody@127.0.0.1:9/none" };
  const { code, out } = await runConsole(["check"], away);
  expect(code).toBe(1);
  expect(out).toMatch(/^problem +The database cannot be asked \(ECONNREFUSED\)/m);
});
