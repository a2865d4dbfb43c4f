import { describe, expect, onTestFinished, test, vi } from "vitest";

import { foundOrSkipped } from "./need-debian-program.ts";

class Skipped extends Error {}

function skip(reason: string): never {
  throw new Skipped(reason);
}

describe("an unavailable program", () => {
  const absent = { kind: "unavailable", reason: "this machine has no apt-get" } as const;

  test.each([
    ["skips the test, with the reason", undefined, Skipped],
    ["fails the test if TALKME_TEST_DEBIAN is required", "required", Error],
  ] as const)("%s", (_, setting, expected) => {
    vi.stubEnv("TALKME_TEST_DEBIAN", setting);
    onTestFinished(() => void vi.unstubAllEnvs());

    const need = (): unknown => foundOrSkipped(absent, skip);
    expect(need).toThrow(absent.reason);
    expect(need).toThrow(expect.objectContaining({ constructor: expected }));
  });
});
