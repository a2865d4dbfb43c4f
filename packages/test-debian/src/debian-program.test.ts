import { delimiter, dirname } from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import { debianProgram } from "./debian-program.ts";

test("an installed program is used as it is, wherever in PATH it is", async () => {
  vi.stubEnv("PATH", [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter));
  onTestFinished(() => void vi.unstubAllEnvs());

  expect(await debianProgram("nodejs", "usr/bin/node")).toEqual({
    kind: "found",
    path: process.execPath,
    env: {},
  });
});

test("an installed file is used as it is, also by a pattern", async () => {
  expect(await debianProgram("base-files", "etc/host*s")).toEqual({
    kind: "found",
    path: "/etc/hosts",
    env: {},
  });
});
