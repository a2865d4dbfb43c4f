import { expect, test } from "vitest";

import { readArguments } from "./arguments.ts";

test.for([
  { args: [], command: { kind: "run", serve: false } },
  { args: ["--serve"], command: { kind: "run", serve: true } },
  { args: ["--", "--serve"], command: { kind: "run", serve: true } },
  { args: ["--help"], command: { kind: "help" } },
  { args: ["-h"], command: { kind: "help" } },
])("$args means $command", ({ args, command }) => {
  expect(readArguments(args)).toEqual(command);
});

test.for([[["--sevre"]], [["serve"]], [["--serve=no"]]])(
  "%j is refused rather than ignored",
  ([args = []]) => {
    expect(readArguments(args)).toMatchObject({
      kind: "misuse",
      problem: expect.stringMatching(/serve|sevre/) as unknown,
    });
  },
);
