import { expect, test } from "vitest";

import { designNames, designs, settingOf, type Design } from "./designs.ts";
import { explore } from "./search/explore.ts";

test.each(designNames)(
  "in the design “%s” every reachable state is visited, and no invariant is violated that it promises",
  (name) => {
    const design: Design = designs[name];

    const { violation, states, ends } = explore(settingOf(design));

    expect(violation?.invariant ?? null).toBe(design.expected);
    expect(states).toBeGreaterThan(10_000);
    expect(ends).toBeGreaterThan(100);
  },
);
