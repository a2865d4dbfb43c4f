import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";

import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { expect, onTestFinished, test, vi } from "vitest";

import { SqlPrompt, SqlSession, type Shortcut } from "../src/index.ts";

const ctrlC = "\u0003";
const ctrlD = "\u0004";

const one: Shortcut = { word: "one", help: "one", sql: () => "select 1 as one;" };
const twice: Shortcut = {
  word: "twice",
  argument: "N",
  help: "twice",
  sql: (n) => (/^\d+$/.test(n) ? `select 2 * ${n} as twice;` : new Error("N is a number")),
};

/** A prompt on a database of its own, with a person or a pipe before it. */
async function open(isTTY: boolean): Promise<{
  readonly prompt: SqlPrompt;
  readonly input: PassThrough;
  readonly type: (text: string) => void;
  /** Waits until this was printed. */
  readonly seen: (pattern: RegExp) => Promise<void>;
}> {
  const database = await cloneDatabase();
  const session = await SqlSession.connect(database.url);
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  let printed = "";
  output.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const prompt = new SqlPrompt({ session, input, output, shortcuts: [one, twice] });
  onTestFinished(async () => {
    prompt.close();
    await session[Symbol.asyncDispose]();
    await database.drop();
  });
  const seen = (pattern: RegExp): Promise<void> =>
    vi.waitFor(() => expect(stripVTControlCharacters(printed)).toMatch(pattern), { timeout: 30_000 });
  return { prompt, input, type: (text) => void input.write(text), seen };
}

test("shows results, NULL, errors with their place, detail and hint, as psql does", async () => {
  const { prompt, type, seen } = await open(false);
  type("select 'a' as text, 12 as number, null as nothing;\n");
  await seen(/ text \| number \| nothing\n------\+--------\+---------\n a {4}\| {5}12 \|\n\(1 row\)\n/);
  type("select 1,\n  nowhere;\n");
  await seen(/ERROR: {2}column "nowhere" does not exist\nLINE 2: {3}nowhere;\n {10}\^\n/);
  type("insert into talkme.outbox (numero_dest, id_campanha) values ('20988887777', 1);\n");
  await seen(/ERROR: {2}numero_dest begins with the DDD 20.*\n(DETAIL: .*\n)?HINT: /);
  type("create table t (a text); insert into t values ('a'), ('b'); delete from t;\n");
  await seen(/CREATE\nINSERT 0 2\nDELETE 2\n/);
  type("select E'a\\u001b[2J' as escape;\n");
  await seen(/ a·\[2J\n/);
  type("copy (select 1) to stdout;\n");
  await seen(/ERROR: {2}COPY to and from here needs psql\n/);
  expect(prompt.hasFailed).toBe(true);
});

test("a shortcut is shown as SQL and executed; a wrong argument or a command of psql is an error", async () => {
  const { prompt, type, seen } = await open(false);
  type("one\ntwice 21\ntwice\ntwice two\none 1\n\\dt\n");
  await seen(
    /select 1 as one;\n one\n-----\n {3}1\n\(1 row\)\nselect 2 \* 21 as twice;\n twice\n-------\n {4}42\n/,
  );
  await seen(/write twice N\n.*N is a number\n.*one takes no argument\n.*\\dt is psql's; here, help lists/s);
  expect(prompt.hasFailed).toBe(true);
});

test("a pipe's statements are executed in order to its end, the last one also without a semicolon", async () => {
  const { prompt, input, type, seen } = await open(false);
  type("select pg_sleep(0.2); select 1 as first;\nselect 2 as last");
  input.end();
  expect(await prompt.ended).toBe("ended");
  await seen(/first\n.*last\n/s);
  expect(prompt.hasFailed).toBe(false);
});

test("a pipe that ends within a text executes nothing of it", async () => {
  const { prompt, input, type, seen } = await open(false);
  type("select 'a;\n");
  input.end();
  await prompt.ended;
  await seen(/the input ends within a text/);
  expect(prompt.hasFailed).toBe(true);
});

test("at a terminal, the prompt shows what is open, and a line printed beside it keeps what is typed", async () => {
  const { prompt, type, seen } = await open(true);
  await seen(/=> $/);
  type("begin;\r");
  await seen(/BEGIN\n.*=\*> $/s);
  type("select 'a\r");
  await seen(/'\*> $/);
  type("b");
  prompt.print("row 1  sent");
  await seen(/row 1 {2}sent\n[^\n]*'\*> b$/);
  type("';\r");
  await seen(/ a↵b\n/);
  type(ctrlD);
  expect(await prompt.ended).toBe("quit");
});

test("Ctrl-C cancels the statement that runs, then forgets what is typed, then ends", async () => {
  const { prompt, type, seen } = await open(true);
  await seen(/=> $/);
  type("select pg_sleep(600);\r");
  await seen(/pg_sleep\(600\);/);
  await vi.waitFor(async () => {
    type(ctrlC);
    await seen(/ERROR: {2}canceling statement due to user request/);
  });
  type("select half");
  type(ctrlC);
  await seen(/\^C\n.*=> $/s);
  type("select 'whole' as it;\r");
  await seen(/ whole\n/);
  type(ctrlC);
  expect(await prompt.ended).toBe("quit");
});
