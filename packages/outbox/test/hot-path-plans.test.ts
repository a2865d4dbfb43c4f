import { sql } from "kysely";
import { expect, test } from "vitest";

import { readQueue, settleAndClaim, type ClaimedRow, type Cursor, type LaneClaim } from "../src/daemon.ts";
import { ExplainedSession } from "./support/explained-session.ts";
import { settlementOf, TestOutbox, wishFor } from "./support/outbox.ts";

const batch = 32;

/**
 * Pages that a turn of 32 rows may touch: each row is read, locked and written twice, with all its indexes. A turn that
 * walked over sent rows or read the table would touch ten thousand.
 */
const turnBuffers = 2000;
const backlog = 30_000;
const sentMeanwhile = 10_000;

/** Claims, settles the claim and claims on behind its cursor, as the daemon does. */
class Turns {
  readonly #session: ExplainedSession;
  readonly #claim: Partial<LaneClaim>;
  #held: readonly ClaimedRow[] = [];
  #after: Cursor | null = null;

  constructor(session: ExplainedSession, claim: Partial<LaneClaim> = {}) {
    this.#session = session;
    this.#claim = claim;
  }

  async next(limit = batch): Promise<number> {
    const settlements = this.#held.map((row) => settlementOf(row, "a"));
    const wish = wishFor({ ...this.#claim, limit, after: this.#after });
    const { claimed } = await settleAndClaim(this.#session.db, "a", settlements, [wish]);
    this.#held = claimed;
    const last = claimed.toSorted((a, b) => Number(a.dueAtUs) - Number(b.dueAtUs)).at(-1);
    if (last !== undefined) this.#after = { dueAtUs: last.dueAtUs, id: last.id };
    return claimed.length;
  }
}

/** What a lane asks of a claim, and how many more pages that may cost. */
const lanes: Readonly<Record<string, readonly [Partial<LaneClaim>, number]>> = {
  "without rules": [{}, 0],
  "with a window or a gap": [{ restricted: true, scan: 8 }, 500],
};

test.each(Object.entries(lanes))(
  "a turn planned while the table was empty reads no table from end to end when a backlog has come (lanes %s)",
  async (_, [claim, extra]) => {
    const outbox = await TestOutbox.open();
    await sql`alter table talkme.outbox set (autovacuum_enabled = off)`.execute(outbox.db);
    await outbox.register("a");
    await using session = await ExplainedSession.open(outbox.url);
    const turns = new Turns(session, claim);
    for (let i = 0; i < 8; i += 1) expect(await turns.next()).toBe(0);

    await outbox.insertDue(backlog);
    expect(await turns.next()).toBe(batch);
    expect(await turns.next()).toBe(batch);
    const plan = await session.explain(() => turns.next());
    expect(plan.sequentialScans).toEqual([]);
    expect(plan.buffers).toBeLessThan(turnBuffers + extra);
  },
);

test.each(Object.entries(lanes))(
  "a turn touches as few pages after many thousand rows as before, beside an old snapshot (lanes %s)",
  async (_, [claim, extra]) => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(sentMeanwhile + 20 * batch);
    await using snapshot = await ExplainedSession.open(outbox.url);
    await sql`begin isolation level repeatable read`.execute(snapshot.db);
    await sql`select count(*) from talkme.outbox`.execute(snapshot.db);

    await using session = await ExplainedSession.open(outbox.url);
    const turns = new Turns(session, claim);
    for (let sent = 0; sent < sentMeanwhile;) sent += await turns.next(200);
    await turns.next();
    const plan = await session.explain(() => turns.next());
    expect(plan.sequentialScans).toEqual([]);
    expect(plan.buffers).toBeLessThan(turnBuffers + extra);
  },
);

test("late answers and answers for locked rows read only these rows, not the table, even under an old plan", async () => {
  const outbox = await TestOutbox.open();
  await sql`alter table talkme.outbox set (autovacuum_enabled = off)`.execute(outbox.db);
  await outbox.register("a");
  await using session = await ExplainedSession.open(outbox.url);
  await outbox.insertDue(3);
  const { claimed } = await settleAndClaim(session.db, "a", [], [wishFor({ limit: 3 })]);
  const [first, late, locked] = claimed.map((row) => settlementOf(row, "a"));
  if (first === undefined || late === undefined || locked === undefined)
    throw new Error("Nothing was claimed.");
  // The second time it is late as well, so that everything is planned while there are three rows.
  for (let i = 0; i < 2; i += 1) await settleAndClaim(session.db, "a", [first], []);
  await settleAndClaim(session.db, "a", [late], []);

  await outbox.insertDue(backlog);
  await using other = await ExplainedSession.open(outbox.url);
  await sql`begin`.execute(other.db);
  await sql`select from talkme.outbox where id = ${locked.id} for update`.execute(other.db);
  const plan = await session.explain(async () =>
    expect(await settleAndClaim(session.db, "a", [late, locked], [])).toMatchObject({
      stale: [late.id],
      locked: [locked.id],
    }),
  );
  expect(plan.sequentialScans).toEqual([]);
  expect(plan.buffers).toBeLessThan(100);
});

test("many suppressed recipients cost a turn nothing", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(10 * batch);
  await sql`
    insert into talkme.suppression (recipient, reason)
    select '55119' || lpad(i::text, 8, '0'), 'asked for it' from generate_series(1, 50000) as i
  `.execute(outbox.db);
  await sql`analyze talkme.suppression, talkme.outbox`.execute(outbox.db);
  await using session = await ExplainedSession.open(outbox.url);
  const turns = new Turns(session);
  await turns.next();
  await turns.next();
  const plan = await session.explain(() => turns.next());
  expect(plan.sequentialScans).toEqual([]);
  expect(plan.buffers).toBeLessThan(turnBuffers);
});

test("a look at the queue descends once a lane, however many rows came since it was planned", async () => {
  const outbox = await TestOutbox.open();
  await sql`alter table talkme.outbox set (autovacuum_enabled = off)`.execute(outbox.db);
  await using session = await ExplainedSession.open(outbox.url);
  for (let i = 0; i < 8; i += 1) expect((await readQueue(session.db)).lanes).toEqual([]);

  await outbox.insertDue(backlog);
  const plan = await session.explain(async () => expect((await readQueue(session.db)).lanes).toHaveLength(1));
  expect(plan.sequentialScans).toEqual([]);
  expect(plan.buffers).toBeLessThan(200);
});
