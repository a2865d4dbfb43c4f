import { expect } from "vitest";

import type { Model, RowImage } from "./model.ts";
import type { RealOutbox } from "./real-outbox.ts";

/** What must hold between two looks at the table with one command in between, whatever the model says. */
function expectInvariants(before: readonly RowImage[], after: readonly RowImage[]): void {
  const earlier = new Map(before.map((row) => [row.id, row]));
  for (const row of after) {
    const was = earlier.get(row.id);
    const what = `row ${row.id}: ${JSON.stringify(was)} became ${JSON.stringify(row)}`;
    if (was !== undefined) {
      expect(row.fence - was.fence, `the fence never shrinks, and grows by one; ${what}`).toBeOneOf([0, 1]);
      if (was.status === "sent") expect(row, `sent is final; ${what}`).toEqual(was);
      if (was.status === "sending" || row.fence > was.fence) {
        const claimedTwice = was.status === "sending" && row.fence > was.fence;
        expect(claimedTwice, `nobody claims what somebody holds; ${what}`).toBe(false);
      }
    }
    expect(row.attempts, `attempts are not negative; ${what}`).toBeGreaterThanOrEqual(0);
    expect(row.attempts, `each attempt had a claim; ${what}`).toBeLessThanOrEqual(row.fence);
    if (row.status === "sending") expect(row.claimedBy, `somebody holds it; ${what}`).not.toBeNull();
  }
}

/** Compares everything that the model predicts with the table. */
export async function expectSame(model: Model, real: RealOutbox): Promise<void> {
  const image = await real.look();
  expectInvariants(model.lastLook, image.rows);
  expect(image).toEqual(model.image());
  model.lastLook = image.rows;
}
