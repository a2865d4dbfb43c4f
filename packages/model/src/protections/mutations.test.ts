import { expect, test } from "vitest";

import { designs, settingOf } from "../designs.ts";
import { traceLines } from "../printing/trace-lines.ts";
import { explore } from "../search/explore.ts";
import { invariants } from "../search/invariants.ts";
import { mutations } from "./mutations.ts";
import { protectionNames } from "./protections.ts";

test.each(protectionNames)(
  "without the protection “%s” the model finds what goes wrong, and the shortest way there",
  (name) => {
    const { design, violates } = mutations[name];

    const { violation } = explore(settingOf(designs[design], [name]));

    expect(violation?.invariant).toBe(violates);
    expect(traceLines(violation?.trace ?? []).length).toBeLessThan(25);
  },
);

test("each invariant is violated without some protection", () => {
  const violated = new Set<string>(Object.values(mutations).map(({ violates }) => violates));

  expect([...violated].toSorted()).toEqual(Object.keys(invariants).toSorted());
});
