import { describe, expect, it } from "vitest";

import * as core from "../index.ts";
import { errorCodes } from "./error-codes.ts";

describe("errorCodes", () => {
  it.each(Object.entries(errorCodes))(
    "%s names a class that is exported, and says what to do",
    (code, entry) => {
      expect(code).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(core).toHaveProperty(entry.error);
      expect(entry.meaning).toMatch(/\.$/);
      expect(entry.remedy).toMatch(/\.$/);
    },
  );

  it("holds every code that a default rule gives", () => {
    const codes = core.defaultResponseRules.flatMap(({ code }) => code ?? []);
    for (const code of codes) expect(errorCodes).toHaveProperty(code);
  });
});
