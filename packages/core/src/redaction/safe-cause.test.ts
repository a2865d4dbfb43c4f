import { inspect } from "node:util";

import { describe, expect, it } from "vitest";

import { createRedactor } from "./redact.ts";
import { safeCause } from "./safe-cause.ts";

const { redact } = createRedactor("SECRET");

describe("safeCause", () => {
  it("keeps name, code and message, and drops every other property", () => {
    const error = Object.assign(new TypeError("GET /?token=SECRET failed"), {
      code: "ECONNRESET",
      url: "/?token=SECRET",
      socket: { path: "SECRET" },
    });
    const safe = safeCause(error, redact);
    expect(safe).toMatchObject({
      name: "TypeError",
      code: "ECONNRESET",
      message: "GET /?token=[redacted] failed",
    });
    expect(inspect(safe, { depth: 20, showHidden: true })).not.toContain("SECRET");
  });

  it("reduces causes and the members of an AggregateError alike", () => {
    const inner = Object.assign(new Error("SECRET inside"), { url: "SECRET" });
    const error = new AggregateError([inner, "SECRET"], "SECRET outside", { cause: inner });
    const shown = inspect(safeCause(error, redact), { depth: 20, showHidden: true });
    expect(shown).not.toContain("SECRET");
    expect(shown).toContain("[redacted] inside");
  });

  it("ends on a circular chain of causes", () => {
    const error = new Error("round");
    error.cause = error;
    expect(inspect(safeCause(error, redact), { depth: 20 })).toContain("round");
  });

  it.each([undefined, null, 1, "SECRET text", { token: "SECRET" }, Symbol("SECRET")])(
    "turns any other thrown value into an error, without showing its contents",
    (thrown) => {
      const safe = safeCause(thrown, redact);
      expect(safe).toBeInstanceOf(Error);
      expect(inspect(safe, { showHidden: true })).not.toContain("SECRET");
    },
  );
});
