import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import { reserveSlots } from "../src/daemon.ts";
import { TestOutbox } from "./support/outbox.ts";

const scope = "account:default";
const wish = { scope, ratePerSecond: 10, count: 5 };

describe("reserved times", () => {
  test("have no gaps or overlaps, however many instances reserve at once", async () => {
    const { db } = await TestOutbox.open();
    const slow = { ...wish, ratePerSecond: 1 };
    const grants = await Promise.all(Array.from({ length: 20 }, () => reserveSlots(db, [slow], 100)));
    const starts = grants
      .flatMap((grant) => grant.map(({ startsInMs }) => startsInMs))
      .toSorted((a, b) => a - b);

    expect(starts).toHaveLength(20);
    // The starts were read one after the other, hence the tolerance; slices last five seconds.
    starts.forEach((startMs, i) =>
      expect(Math.abs(startMs - (starts[0] ?? 0) - i * 5000)).toBeLessThan(2500),
    );
    const { rows } = await sql<{ ahead: number }>`
      select extract(epoch from next_at - clock_timestamp())::double precision as ahead from talkme.pace
    `.execute(db);
    expect(rows[0]?.ahead).toBeGreaterThan(90);
  });

  test("begin slightly in the past after a rest, without saving up more credit", async () => {
    const { db } = await TestOutbox.open();
    await reserveSlots(db, [wish], 100);
    await sql`update talkme.pace set next_at = now() - interval '1 hour'`.execute(db);

    const [grant] = await reserveSlots(db, [wish], 100);

    expect(grant?.startsInMs).toBeLessThanOrEqual(-100);
    expect(grant?.startsInMs).toBeGreaterThan(-1000);
  });

  test("of a much slower rate do not delay a faster one", async () => {
    const { db } = await TestOutbox.open();
    await reserveSlots(db, [{ scope, ratePerSecond: 0.001, count: 5 }], 100);

    const [grant] = await reserveSlots(db, [{ scope, ratePerSecond: 50, count: 1 }], 100);

    expect(grant?.startsInMs).toBeLessThanOrEqual(30_000);
  });

  test("are separate for each scope, in whatever order instances name them", async () => {
    const { db } = await TestOutbox.open();
    const scopes = ["account:default", "campaign:1", "channel:9"];
    const wishes = scopes.map((name) => ({ ...wish, scope: name }));
    const rounds = Array.from({ length: 20 }, (_, i) =>
      reserveSlots(db, i % 2 === 0 ? wishes : wishes.toReversed(), 100),
    );
    for (const grants of await Promise.all(rounds)) {
      expect(grants.map((grant) => grant.scope).toSorted()).toEqual(scopes);
    }
  });
});
