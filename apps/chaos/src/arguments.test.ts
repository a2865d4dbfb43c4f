import { expect, test } from "vitest";

import { readArguments } from "./arguments.ts";

test("a run has a seed of its own unless one is given", () => {
  const one = readArguments([]);
  expect(one).toMatchObject({ kind: "run", seconds: 60, instances: 3, jsonFile: null, logFolder: null });
  expect(readArguments([])).not.toEqual(one);
});

test("everything can be given, also after the two dashes that pnpm hands on", () => {
  const args = [
    "--seed",
    "0",
    "--seconds",
    "600",
    "--instances",
    "5",
    "--json",
    "report.json",
    "--logs",
    "logs",
  ];
  const expected = {
    kind: "run",
    seed: 0,
    seconds: 600,
    instances: 5,
    jsonFile: "report.json",
    logFolder: "logs",
  };
  expect(readArguments(args)).toEqual(expected);
  expect(readArguments(["--", ...args])).toEqual(expected);
});

test("help is asked for by --help and -h", () => {
  expect(readArguments(["--help"])).toEqual({ kind: "help" });
  expect(readArguments(["-h"])).toEqual({ kind: "help" });
});

test.for([
  [["--seed", "x"], "--seed"],
  [["--seed=-1"], "--seed"],
  [["--seed", "4294967296"], "--seed"],
  [["--seconds", "5"], "from 20"],
  [["--instances", "0"], "--instances"],
  [["--minutes", "5"], "--minutes"],
  [["600"], "600"],
] as const)("wrong arguments are named: %j", ([args, named]) => {
  expect(readArguments(args)).toMatchObject({ kind: "misuse", problem: expect.stringContaining(named) });
});
