import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import {
  readCircuits,
  readQueue,
  rescueFromDeadInstances,
  saveCircuit,
  saveLaneAnswers,
  settleAndClaim,
  type CircuitChange,
} from "../src/daemon.ts";
import { TestOutbox, wishFor } from "./support/outbox.ts";

/** By default, a closed circuit not seen before. */
function changeOf(changes: Partial<CircuitChange> = {}): CircuitChange {
  return {
    account: "default",
    credential: "",
    reportedBy: null,
    expectedVersion: 0,
    alarm: false,
    notFounds: 0,
    troubles: 0,
    kind: null,
    halfOpenInMs: null,
    slowdown: 0,
    throttledAgoMs: null,
    trialBy: null,
    ...changes,
  };
}

describe("a circuit", () => {
  test("is written only over the state it was computed from", async () => {
    const { db } = await TestOutbox.open();
    expect(await saveCircuit(db, changeOf({ troubles: 1 }))).toEqual({ version: 1, alarms: 0 });
    expect(await saveCircuit(db, changeOf({ troubles: 1 }))).toBeNull();

    const both = await Promise.all([
      saveCircuit(db, changeOf({ expectedVersion: 1, troubles: 2 })),
      saveCircuit(db, changeOf({ expectedVersion: 1, troubles: 2 })),
    ]);
    expect(both.filter((saved) => saved !== null)).toEqual([{ version: 2, alarms: 0 }]);
    expect(await readCircuits(db)).toMatchObject([
      { account: "default", version: 2, troubles: 2, kind: null },
    ]);
  });

  test("that stays open keeps its opening time, and its pause runs by the database's clock", async () => {
    const outbox = await TestOutbox.open();
    const open = { kind: "trouble", halfOpenInMs: 60_000 } as const;
    await saveCircuit(outbox.daemon, changeOf({ ...open, alarm: true }));
    const openedAt = await outbox.ask("select opened_at from talkme.circuit");
    await saveCircuit(outbox.daemon, changeOf({ ...open, expectedVersion: 1, troubles: 6 }));

    expect(await outbox.ask("select opened_at from talkme.circuit")).toEqual(openedAt);
    const [circuit] = await readCircuits(outbox.daemon);
    expect(circuit?.halfOpenInMs).toBeGreaterThan(55_000);
    expect(circuit?.halfOpenInMs).toBeLessThanOrEqual(60_000);
  });

  test("shows whether the instance with the permit still lives", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await saveCircuit(outbox.daemon, changeOf({ trialBy: "a" }));
    expect(await readCircuits(outbox.daemon)).toMatchObject([{ trialBy: "a", trialAlive: true }]);

    await sql`update talkme.instance set heartbeat_at = now() - interval '1 hour'`.execute(outbox.db);
    await rescueFromDeadInstances(outbox.daemon, "hold", 10);
    expect(await readCircuits(outbox.daemon)).toMatchObject([{ trialBy: "a", trialAlive: false }]);
  });
});

describe("a claim takes nothing, and says for which account,", () => {
  test.each([
    ["while the circuit is open", { kind: "authentication", halfOpenInMs: 1000 }],
    ["while it is half open", { kind: "trouble", halfOpenInMs: -1000 }],
    ["after a 404, until the API has taken a row", { notFounds: 1 }],
    ["when it does not know of the last alarm", { alarm: true }],
  ] as const)("%s", async (_, change) => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(1);
    await saveCircuit(outbox.daemon, changeOf(change));

    const { claimed, refusedAccounts } = await settleAndClaim(outbox.daemon, "a", [], [wishFor()]);

    expect({ claimed, refusedAccounts }).toEqual({ claimed: [], refusedAccounts: ["default"] });
  });

  test("but takes rows of other accounts", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insert(
      "account, numero_dest, id_campanha",
      "values ('default', '11988887777', 1), ('vendas', '11988887777', 1)",
    );
    await saveCircuit(outbox.daemon, changeOf({ kind: "authentication", halfOpenInMs: 1000, alarm: true }));
    const wishes = [wishFor(), wishFor({ account: "vendas", lane: "vendas/1/-" })];

    const { claimed, refusedAccounts } = await settleAndClaim(outbox.daemon, "a", [], wishes);

    expect(claimed.map(({ account }) => account)).toEqual(["vendas"]);
    expect(refusedAccounts).toEqual(["default"]);
  });
});

test("only the instance with the permit claims a trial, and only in the state it knows", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.register("b");
  await outbox.insertDue(3);
  const trial = wishFor({ trial: true, limit: 1 });
  expect(await outbox.claim("a", trial)).toEqual([]);
  await saveCircuit(outbox.daemon, changeOf({ notFounds: 1, alarm: true, trialBy: "a" }));

  expect(await outbox.claim("a", trial)).toEqual([]);
  expect(await outbox.claim("b", { ...trial, alarms: 1 })).toEqual([]);
  expect(await outbox.claim("a", { ...trial, alarms: 1 })).toHaveLength(1);
});

test("the API's last word on a lane is found with its rows", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insertDue(1);
  const lane = { lane: "default/1/-", account: "default" };
  expect((await readQueue(outbox.daemon)).lanes).toMatchObject([{ acceptedAgoMs: null, notFounds: 0 }]);

  await saveLaneAnswers(outbox.daemon, [{ ...lane, notFounds: 0, quietForMs: 0 }]);
  const [accepted] = (await readQueue(outbox.daemon)).lanes;
  expect(accepted?.acceptedAgoMs).toBeLessThan(30_000);

  await saveLaneAnswers(outbox.daemon, [{ ...lane, notFounds: 2, quietForMs: 60_000 }]);
  const [quiet] = (await readQueue(outbox.daemon)).lanes;
  expect(quiet).toMatchObject({ acceptedAgoMs: null, notFounds: 2 });
  expect(quiet?.quietForMs).toBeGreaterThan(30_000);
});

async function troubled(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  for (const account of ["default", "vendas"]) {
    await saveCircuit(
      outbox.daemon,
      changeOf({ account, kind: "not_found", halfOpenInMs: 60_000, notFounds: 2, alarm: true }),
    );
    for (const lane of [`${account}/1/-`, `${account}/2/9`]) {
      await saveLaneAnswers(outbox.daemon, [{ lane, account, notFounds: 3, quietForMs: 60_000 }]);
    }
  }
  return outbox;
}

async function waiting(outbox: TestOutbox): Promise<readonly string[]> {
  const { rows } = await sql<{ who: string }>`
    select account as who from talkme.circuit where half_open_at > clock_timestamp()
    union all select lane from talkme.lane where quiet_until > now()
    order by who
  `.execute(outbox.db);
  return rows.map(({ who }) => who);
}

describe("talkme.resume", () => {
  test.each([
    ["account:vendas", ["default", "default/1/-", "default/2/9"]],
    ["campaign:1", ["default", "default/2/9", "vendas", "vendas/2/9"]],
    ["channel:9", ["default", "default/1/-", "vendas", "vendas/1/-"]],
    ["all", []],
  ])("of %s ends its wait, and leaves the others", async (scope, left) => {
    const outbox = await troubled();
    expect(await outbox.ask(`select talkme.resume('${scope}')`)).toMatch(/are tried with one row each\.$/);
    expect(await waiting(outbox)).toEqual(left);
  });

  test("leaves the circuit half open: one row is tried before others follow", async () => {
    const outbox = await troubled();
    await outbox.ask("select talkme.resume('account:default')");
    const circuit = (await readCircuits(outbox.daemon)).find(({ account }) => account === "default");
    expect(circuit).toMatchObject({ kind: "not_found", version: 2, alarms: 1 });
    expect(circuit?.halfOpenInMs).toBeLessThanOrEqual(0);
  });

  test("says so when nothing waited", async () => {
    const outbox = await TestOutbox.open();
    expect(await outbox.ask("select talkme.resume('account:default')")).toBe(
      "Nothing of account:default was paused, held or stopped by a circuit.",
    );
  });

  test.each(["", "everything", "account", "account:", "campaign:abc", "channel:9; drop table", "all:1"])(
    "refuses %j and says what it accepts",
    async (scope) => {
      const outbox = await TestOutbox.open();
      await expect(outbox.ask(`select talkme.resume('${scope}')`)).rejects.toMatchObject({
        code: "22023",
        hint: "Give 'all', 'account:NAME', 'campaign:ID' or 'channel:ID'.",
      });
    },
  );
});
