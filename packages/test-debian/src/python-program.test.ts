import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { debianPythonProgram } from "./python-program.ts";

test("a Python program that is not installed runs unpacked, with the modules it lacks", async (context) => {
  const result = await debianPythonProgram("patroni", "usr/bin/patroni", ["python3-etcd"]);
  if (result.kind === "unavailable") {
    if (process.env["TALKME_TEST_DEBIAN"] === "required") throw new Error(result.reason);
    return context.skip(result.reason);
  }

  const { command, env } = result;
  const [interpreter, script] = command;
  const options = { env: { ...process.env, ...env } };
  const { stdout } = await promisify(execFile)(interpreter, [script, "--version"], options);
  expect(stdout).toMatch(/^patroni \d/);
  await promisify(execFile)(interpreter, ["-c", "import etcd, psycopg2"], options);
});

test("a Python program of no package is reported by name", async () => {
  expect(await debianPythonProgram("no-such-package", "usr/bin/no-such-program", [])).toEqual({
    kind: "unavailable",
    reason: expect.stringContaining("no-such-package"),
  });
});
