import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, onTestFinished, test, vi } from "vitest";

import { unpackedProgram } from "./unpacked-program.ts";
import { foundOrSkipped } from "./vitest/need-debian-program.ts";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-debian-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("a program that is not installed runs unpacked, with the libraries it lacks", async (context) => {
  const folder = await temporaryFolder();
  const result = await unpackedProgram("pgbouncer", "usr/sbin/pgbouncer", [folder]);
  const { path, env } = foundOrSkipped(result, (reason) => context.skip(reason));

  expect(path.startsWith(folder)).toBe(true);
  const { stdout } = await promisify(execFile)(path, ["--version"], { env: { ...process.env, ...env } });
  expect(stdout).toMatch(/^PgBouncer \d/);
});

test("a library is found whatever the processor's folder is called", async (context) => {
  const folder = await temporaryFolder();
  const result = await unpackedProgram("libfaketime", "usr/lib/*/faketime/libfaketime.so.1", [folder]);

  expect(foundOrSkipped(result, (reason) => context.skip(reason))).toMatchObject({
    path: expect.stringContaining("-linux-"),
    env: {},
  });
});

test("two processes that unpack a package at once get the same program, and leave nothing else behind", async (context) => {
  const folder = await temporaryFolder();
  const both = await Promise.all(
    Array.from({ length: 2 }, () => unpackedProgram("hello", "usr/bin/hello", [folder])),
  );

  const [one, other] = both.map((result) => foundOrSkipped(result, (reason) => context.skip(reason)));
  expect(one).toEqual(other);
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^hello_\d/)]);
});

test("an unpacked package is used again without Debian's tools", async (context) => {
  const folder = await temporaryFolder();
  const first = await unpackedProgram("hello", "usr/bin/hello", [folder]);
  foundOrSkipped(first, (reason) => context.skip(reason));
  vi.stubEnv("PATH", folder);
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(await unpackedProgram("hello", "usr/bin/hello", [folder])).toEqual(first);
});

test("an unwritable folder is skipped for the next", async (context) => {
  const folder = await temporaryFolder();
  const file = join(folder, "file");
  await writeFile(file, "");
  const result = await unpackedProgram("hello", "usr/bin/hello", [join(file, "debian"), join(folder, "own")]);

  expect(foundOrSkipped(result, (reason) => context.skip(reason)).path).toContain(join(folder, "own"));
});

test("a package that does not exist is reported by name, and leaves nothing behind", async () => {
  const folder = await temporaryFolder();

  expect(await unpackedProgram("no-such-package", "usr/bin/none", [folder])).toEqual({
    kind: "unavailable",
    reason: expect.stringContaining("no-such-package"),
  });
  expect((await readdir(folder)).filter((name) => name !== "apt-update.lock")).toEqual([]);
});

test("a machine without apt-get is reported as such", async () => {
  const folder = await temporaryFolder();
  vi.stubEnv("PATH", folder);
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(await unpackedProgram("hello", "usr/bin/hello", [folder])).toEqual({
    kind: "unavailable",
    reason: expect.stringMatching(/this machine has no (?:apt-get|flock)/),
  });
});
