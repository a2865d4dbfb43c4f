import { expect, test } from "vitest";

import { readArguments } from "./arguments.ts";

test("without arguments all scenarios run, in their short form", () => {
  const command = readArguments([]);
  expect(command).toMatchObject({ kind: "run", scale: "short", rounds: null, durable: false });
  expect(command.kind === "run" && command.names).toContain("drain");
});

test("one scenario can be named, and the dashes of pnpm do no harm", () => {
  expect(readArguments(["--", "pickup", "--full", "--rounds", "7"])).toMatchObject({
    kind: "run",
    names: ["pickup"],
    scale: "full",
    rounds: 7,
  });
});

test.each([["nonsense"], ["--rounds", "0"], ["--full", "--smoke"], ["--unknown"]])(
  "invalid arguments are refused: %s",
  (...args) => {
    expect(readArguments(args).kind).toBe("misuse");
  },
);
