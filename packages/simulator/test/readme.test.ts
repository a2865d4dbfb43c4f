import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { failureShapes } from "../src/api/failure-shape.ts";
import { successShapes } from "../src/api/success-shape.ts";
import { faultSchema } from "../src/faults/fault.ts";
import { parseFaultRules } from "../src/faults/parse-fault-rules.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const tableKeys = new Set([...readme.matchAll(/^\| `([\w-]+)`/gm)].map(([, key]) => key));

test("the README's tables have every fault and every shape", () => {
  const kinds = faultSchema.options.map((option) => option.shape.kind.value);
  for (const key of [...kinds, ...successShapes, ...failureShapes]) expect(tableKeys).toContain(key);
});

test("the README's YAML is a valid file of rules", () => {
  const [, yaml] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
  expect(parseFaultRules(parse(yaml ?? ""))).toHaveLength(5);
});
