import type { Command } from "commander";
import { expect, test, vi } from "vitest";

import { chaosCommand, readChaosArguments } from "./arguments.ts";
import { runProgram } from "./command-line/run-program.ts";
import { soakCommand } from "./soak/arguments.ts";

interface Reading {
  readonly exitCode: number;
  readonly options: unknown;
  readonly out: string;
  readonly err: string;
}

async function read(command: Command, args: readonly string[]): Promise<Reading> {
  let out = "";
  let err = "";
  command.configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (err += text) });
  const exitCode = await runProgram(command, args, async () => {
    readChaosArguments(command);
    return 0;
  });
  return { exitCode, options: command.opts(), out, err };
}

test("no argument is required", async () => {
  expect(await read(chaosCommand(), [])).toEqual({
    exitCode: 0,
    options: { seconds: 60, instances: 3 },
    out: "",
    err: "",
  });
  expect((await read(soakCommand(), [])).options).toEqual({ seconds: 1200, day: 60, instances: 2 });
});

test.each([[[]], [["--"]]])("every argument is read, after %j", async (before) => {
  const args = "--seed 0 --seconds 600 --instances 5 --json report.json --logs logs".split(" ");
  expect((await read(chaosCommand(), [...before, ...args])).options).toEqual({
    seed: 0,
    seconds: 600,
    instances: 5,
    json: "report.json",
    logs: "logs",
  });
});

test("a failover takes the kind of claims and the way to the leader", async () => {
  const args = "--failover --claims local --through pgbouncer".split(" ");
  expect((await read(chaosCommand(), args)).options).toMatchObject({
    failover: true,
    claims: "local",
    through: "pgbouncer",
  });
});

test.each(["--help", "-h"])("%s explains and does nothing", async (flag) => {
  for (const command of [chaosCommand(), soakCommand()]) {
    const { exitCode, out, err } = await read(command, [flag]);
    expect([exitCode, err]).toEqual([0, ""]);
    expect(out).toContain("--instances <number>");
    expect(out).toContain("Exit codes: 0");
  }
});

test.each([
  [["--seed", "x"], "--seed"],
  [["--seed=-1"], "--seed"],
  [["--seed", "4294967296"], "--seed"],
  [["--seconds", "5"], "from 20"],
  [["--instances", "0"], "--instances"],
  [["--minutes", "5"], "--minutes"],
  [["600"], "too many arguments"],
  [["--failover", "--claims", "none"], "--claims"],
  [["--through", "pgbouncer"], "belong to --failover"],
])("wrong arguments are named and exit with 2: %j", async (args, named) => {
  expect(await read(chaosCommand(), args)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining(named),
  });
});

test("failed work exits with 1 and reports the reason", async () => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const failing = runProgram(chaosCommand(), [], async () => {
    throw new Error("no server");
  });
  expect(await failing).toBe(1);
  expect(written).toHaveBeenCalledWith("chaos: no server\n");
  written.mockRestore();
});
