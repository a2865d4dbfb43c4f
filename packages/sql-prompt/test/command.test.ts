import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { expect, onTestFinished, test } from "vitest";

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `pnpm sql`, with this standard input. */
async function sql(
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
  input = "",
): Promise<Ended> {
  const env = { PATH: process.env["PATH"] ?? "", ...environment };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--conditions=@talkme/source", bin, ...args],
      { env },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

test("pnpm sql executes its arguments up to the first error, or what is piped in, and says by its exit code how that went", async () => {
  const database = await cloneDatabase();
  onTestFinished(() => database.drop());
  const environment = { TALKME_DATABASE_URL: database.url };

  const insert = "insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)";
  expect(await sql(environment, [insert, "select nowhere", insert])).toEqual({
    code: 1,
    out: "INSERT 0 1\n",
    err: expect.stringContaining('column "nowhere" does not exist'),
  });
  const piped = await sql(environment, [], "select count(*) from talkme.outbox;\n");
  expect(piped).toMatchObject({ code: 0, out: expect.stringContaining("\n     1\n(1 row)\n") });
  expect(await sql(environment, [], "select nowhere")).toMatchObject({ code: 1 });
});

test.each([
  ["nothing", {}, "TALKME_DATABASE_URL is missing"],
  ["both", { TALKME_DATABASE_URL: "postgresql://a:hunter2@b/c", TALKME_DATABASE_URL_FILE: "/x" }, "both set"],
  ["no file", { TALKME_DATABASE_URL_FILE: "/nowhere" }, "/nowhere cannot be read"],
  ["something else", { TALKME_DATABASE_URL: "mysql://hunter2" }, "not usable"],
  ["several hosts", { TALKME_DATABASE_URL: "postgresql://a:hunter2@b,c/d" }, "several hosts"],
])(
  "pnpm sql with %s for a database says what is expected, with exit code 78",
  async (_, environment, says) => {
    const { code, err } = await sql(environment, ["select 1"]);
    expect({ code, err }).toEqual({ code: 78, err: expect.stringContaining(says) });
    expect(err).not.toContain("hunter2");
  },
);

test("pnpm sql without a server says so in a line", async () => {
  const { code, err } = await sql({ TALKME_DATABASE_URL: "postgresql://u:hunter2@127.0.0.1:1/app" }, [
    "select 1",
  ]);
  expect({ code, err }).toEqual({ code: 1, err: "ERROR:  connect ECONNREFUSED 127.0.0.1:1\n" });
});
