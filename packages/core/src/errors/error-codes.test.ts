import { describe, expect, it } from "vitest";

import * as core from "../index.ts";
import { errorCodes } from "./error-codes.ts";

describe("errorCodes", () => {
  it.each(Object.entries(errorCodes))("%s names an exported class and says what to do", (code, entry) => {
    expect(code).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(core).toHaveProperty(entry.error);
    expect(entry.meaning).toMatch(/\.$/);
    expect(entry.remedy).toMatch(/\.$/);
  });

  it("contain every code of the default rules", () => {
    const codes = core.defaultResponseRules.flatMap(({ code }) => code ?? []);
    for (const code of codes) expect(errorCodes).toHaveProperty(code);
  });
});
