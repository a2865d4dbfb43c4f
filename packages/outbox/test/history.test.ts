import { sql } from "kysely";
import { describe, expect, test } from "vitest";

import {
  checkHistory,
  confirmHistory,
  enterEra,
  raiseClaimDurability,
  readHistoryState,
  recallClaims,
  reclaim,
  registerInstance,
  rescueFromDeadInstances,
  sendHeartbeat,
  settleAgain,
  settleAndClaim,
  testify,
  type ClaimedRow,
  type RememberedClaim,
  type Settlement,
} from "../src/daemon.ts";
import { settlementOf, TestOutbox, wishFor } from "./support/outbox.ts";

const acknowledge = "select talkme.acknowledge_history('looked at history_doubts()')";

async function open(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await outbox.register("a", 3);
  return outbox;
}

/** What a promotion leaves: the same data on a server that started at another time, and writes another timeline. */
async function failOver(outbox: TestOutbox): Promise<void> {
  await outbox.ask(
    "update talkme.history set timeline = '0000000F', server_started_at = server_started_at - interval '1 day'",
  );
}

/** A lease after the change was noticed. */
async function waitOutTheLease(outbox: TestOutbox): Promise<void> {
  await outbox.ask("update talkme.history set changed_at = changed_at - interval '1 hour'");
}

async function claim(outbox: TestOutbox, limit = 10) {
  return settleAndClaim(outbox.daemon, "a", [], [wishFor({ limit })]);
}

async function claimOne(outbox: TestOutbox): Promise<ClaimedRow> {
  const [row] = (await claim(outbox, 1)).claimed;
  if (row === undefined) throw new Error("Nothing was claimed.");
  return row;
}

function remembered(row: ClaimedRow, changes: Partial<RememberedClaim> = {}): RememberedClaim {
  const { id, claim: turn, fence, seal, lane, dueAtUs } = row;
  return {
    id,
    claim: turn,
    claimedBy: "a",
    fence,
    seal,
    lane,
    dueAtUs,
    ageMs: 1000,
    leftUs: true,
    ...changes,
  };
}

/** As the row was before it was claimed: the commits since are lost. */
async function forgetClaims(outbox: TestOutbox): Promise<void> {
  await sql`
    begin;
    alter table talkme.outbox disable trigger all;
    update talkme.outbox set status = 'pending', claim = null, claimed_by = null, claimed_at = null, finished_at = null, attempts = 0, fence = 0;
    alter table talkme.outbox enable trigger all;
    alter table talkme.outbox enable always trigger zzz_verify_outbox;
    delete from talkme.attempt;
    commit
  `.execute(outbox.db);
}

/** An answer that says that nothing was sent. */
function unsent(row: ClaimedRow): Settlement {
  return settlementOf(row, "a", { status: "pending", retryInMs: 0, errorCode: "connection_failed" });
}

function idsOf(claims: readonly { readonly id: string }[]): readonly string[] {
  return claims.map(({ id }) => id).toSorted();
}

/** One instance that waits for a standby, and nobody else for a lease. */
async function openConfirmed(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await registerInstance(outbox.daemon, {
    name: "a",
    version: "0",
    host: "h",
    pid: 1,
    leaseSeconds: 3,
    durability: "standby",
  });
  expect(await raiseClaimDurability(outbox.daemon)).toBe(false);
  await outbox.ask("update talkme.history set local_gone_at = local_gone_at - interval '3 s'");
  expect(await raiseClaimDurability(outbox.daemon)).toBe(true);
  return outbox;
}

test("a first start asks nothing of anybody, and a restart of the server is compared and goes on", async () => {
  const outbox = await open();
  await outbox.insertDue(2);
  expect((await claim(outbox, 1)).claimed).toHaveLength(1);
  await outbox.ask("update talkme.history set server_started_at = server_started_at - interval '1 day'");
  expect(await claim(outbox)).toMatchObject({ claimed: [], stop: "history_changed", registered: true });
  expect(await checkHistory(outbox.daemon)).toMatchObject({ changed: false, era: null });
  expect((await claim(outbox)).claimed).toHaveLength(1);
});

describe("after a change of the server or its timeline", () => {
  test.each([
    ["timeline", "update talkme.history set timeline = '0000000F', server_started_at = 'epoch'"],
    ["server", "update talkme.history set system_identifier = 42, server_started_at = 'epoch'"],
  ])("nothing is claimed by any statement until a person acknowledges it (%s)", async (_, change) => {
    const outbox = await open();
    await outbox.insertDue(3);
    await outbox.ask(change);
    for (const restricted of [false, true]) {
      const refused = await settleAndClaim(outbox.daemon, "a", [], [wishFor({ restricted, scan: 5 })]);
      expect(refused).toMatchObject({ claimed: [], passed: [], stop: "history_changed" });
    }
    expect(await checkHistory(outbox.daemon)).toMatchObject({ changed: true });
    await outbox.register("b");
    expect((await settleAndClaim(outbox.daemon, "b", [], [wishFor()])).claimed).toEqual([]);
    await waitOutTheLease(outbox);
    await outbox.ask(acknowledge);
    // It claims once it has entered the new era: what it asked for before that, never.
    expect(await claim(outbox)).toMatchObject({ claimed: [], stop: "history_changed" });
    const { era } = await checkHistory(outbox.daemon);
    await enterEra(outbox.daemon, "a", era, 0);
    expect((await claim(outbox)).claimed).toHaveLength(3);
  });

  test("it can be acknowledged no sooner than the longest lease and the longest request after it was noticed, by operators alone, with a reason", async () => {
    const outbox = await open();
    await registerInstance(outbox.daemon, {
      name: "slow",
      version: "0",
      host: "h",
      pid: 1,
      leaseSeconds: 600,
      requestSeconds: 99.5,
    });
    await expect(outbox.ask(acknowledge)).rejects.toThrow("there is nothing to acknowledge");
    await failOver(outbox);
    await expect(outbox.ask(acknowledge)).rejects.toThrow("the change can be acknowledged from");
    await checkHistory(outbox.daemon);
    // A heartbeat or an instance that is gone makes the wait no shorter.
    await outbox.ask("delete from talkme.instance where name = 'slow'");
    await outbox.ask("update talkme.history set changed_at = changed_at - interval '690 seconds'");
    await expect(outbox.ask(acknowledge)).rejects.toThrow("the change can be acknowledged from");
    await waitOutTheLease(outbox);
    await expect(outbox.ask("select talkme.acknowledge_history(' ')")).rejects.toThrow(
      "an acknowledgement needs a reason",
    );
    await expect(sql.raw(acknowledge).execute(outbox.daemon)).rejects.toThrow("permission denied");
    await outbox.ask(acknowledge);
    expect(
      await outbox.ask(
        "select to_jsonb(a) - '{id,at,who}'::text[] from talkme.audit as a order by id desc limit 1",
      ),
    ).toMatchObject({
      action: "acknowledge_history",
      reason: "looked at history_doubts()",
      about: {
        from: { timeline: "0000000F" },
        to: { timeline: expect.stringMatching(/^0000000\d$/) },
        confirmed_by_standby: false,
      },
    });
    await expect(outbox.ask(acknowledge)).rejects.toThrow("there is nothing to acknowledge");
  });

  test("a row whose request provably sent nothing becomes unknown: another may have sent it in what was lost", async () => {
    const outbox = await open();
    await outbox.insertDue(2);
    const first = await claimOne(outbox);
    const second = await claimOne(outbox);
    await failOver(outbox);
    // Nobody has compared yet: the answer waits.
    expect(await outbox.settle([unsent(first)])).toMatchObject({
      locked: [first.id],
      stop: "history_changed",
    });
    await checkHistory(outbox.daemon);
    expect(await outbox.settle([unsent(first)])).toMatchObject({ locked: [], doubted: [first.id] });
    expect(await outbox.row(first.id)).toMatchObject({ status: "unknown", error_code: "history_changed" });
    await waitOutTheLease(outbox);
    await outbox.ask(acknowledge);
    // It comes late: its claim is of the era that has ended.
    expect(await outbox.settle([unsent(second)])).toMatchObject({ doubted: [second.id] });
    expect(await outbox.row(second.id)).toMatchObject({ status: "unknown" });
  });

  test("what a lost turn has claimed becomes unknown, too", async () => {
    const outbox = await open();
    await outbox.insertDue(1);
    const row = await claimOne(outbox);
    await failOver(outbox);
    const lost = { claims: [], lost: [{ first: row.claim, last: row.claim }], last: row.claim };
    expect(await reclaim(outbox.daemon, "a", lost)).toEqual({ released: [], forgotten: [] });
    await checkHistory(outbox.daemon);
    expect(await reclaim(outbox.daemon, "a", lost)).toEqual({ released: [], forgotten: [row.id] });
  });

  test("a dead instance's row with resend waits for the acknowledgement; without, it becomes unknown as usual", async () => {
    const outbox = await open();
    await outbox.insert(
      "numero_dest, id_campanha, on_unknown",
      "values ('11988887777', 1, 'resend'), ('11988887777', 1, null)",
    );
    await claim(outbox);
    await failOver(outbox);
    await checkHistory(outbox.daemon);
    await outbox.ask("delete from talkme.instance");
    await outbox.register("b", 3);
    const statuses = async () => [(await outbox.row("1")).status, (await outbox.row("2")).status];
    await rescueFromDeadInstances(outbox.daemon, "hold", 10);
    expect(await statuses()).toEqual(["sending", "unknown"]);
    await waitOutTheLease(outbox);
    await outbox.ask(acknowledge);
    await rescueFromDeadInstances(outbox.daemon, "hold", 10);
    expect(await statuses()).toEqual(["pending", "unknown"]);
  });

  test("what a living instance remembers is settled from its memory, and not sent again", async () => {
    const outbox = await open();
    await outbox.insertDue(4);
    const { claimed } = await claim(outbox);
    const [sent, onTheWire, edited, later] = claimed;
    if (!sent || !onTheWire || !edited || !later) throw new Error("Four rows were to be claimed.");
    await forgetClaims(outbox);
    await failOver(outbox);
    await checkHistory(outbox.daemon);
    await outbox.ask(`update talkme.outbox set numero_dest = '11977776666' where id = ${edited.id}`);
    const found = await recallClaims(outbox.daemon, [
      remembered(sent),
      remembered(onTheWire),
      remembered(edited),
      remembered(later, { dueAtUs: "1" }),
    ]);
    expect({
      restored: idsOf(found.restored),
      doubted: idsOf(found.doubted),
      missing: idsOf(found.missing),
    }).toEqual({
      restored: [sent.id, onTheWire.id],
      doubted: [later.id],
      missing: [edited.id],
    });
    await settleAgain(outbox.daemon, [settlementOf(sent, "a"), settlementOf(edited, "a")]);
    expect(await outbox.row(sent.id)).toMatchObject({
      status: "sent",
      fence: sent.fence,
      reference: "100000000001",
    });
    // Its answer comes, as if nothing had happened.
    expect(await outbox.row(onTheWire.id)).toMatchObject({
      status: "unknown",
      error_code: "history_changed",
    });
    await outbox.settle([settlementOf(onTheWire, "a")]);
    expect(await outbox.row(onTheWire.id)).toMatchObject({ status: "sent" });
    // To another person: the message that was sent is not this one.
    expect(await outbox.row(edited.id)).toMatchObject({ status: "pending" });
    expect(await outbox.row(later.id)).toMatchObject({ status: "unknown" });
    const again = await recallClaims(outbox.daemon, [remembered(sent), remembered(onTheWire)]);
    expect(Object.values(again).flat()).toEqual([]);
  });

  test("whoever acknowledges is shown what may have been sent, and what to type", async () => {
    const outbox = await open();
    await outbox.insertDue(3);
    await claimOne(outbox);
    await failOver(outbox);
    await checkHistory(outbox.daemon);
    const { rows } = await sql<{
      id: string;
      why: string;
    }>`select id, why from talkme.history_doubts()`.execute(outbox.db);
    expect(rows).toEqual([
      { id: "1", why: "on the wire" },
      { id: "2", why: "due before the change" },
      { id: "3", why: "due before the change" },
    ]);
    await outbox.insertDue(1);
    expect(await outbox.ask("select count(*)::integer from talkme.history_doubts()")).toBe(3);
    expect(await outbox.ask("select talkme.explain(2)")).toMatch(
      /^Row 2 is pending\. Nothing is sent: .* \(timeline 0000000\d instead of 0000000F\), noticed at .*select talkme\.acknowledge_history\('why'\), from /,
    );
  });
});

describe("a failover in which a standby had confirmed every claim", () => {
  test("acknowledges itself after a lease, once each living instance has found all that it remembers", async () => {
    const outbox = await openConfirmed();
    await failOver(outbox);
    await checkHistory(outbox.daemon);
    expect(await confirmHistory(outbox.daemon)).toBe(false);
    await sendHeartbeat(outbox.daemon, "a");
    await testify(outbox.daemon, "a", 0, 0);
    expect(await confirmHistory(outbox.daemon)).toBe(false);
    await waitOutTheLease(outbox);
    // As if it had not spoken of this change.
    expect(await confirmHistory(outbox.daemon)).toBe(false);
    await testify(outbox.daemon, "a", 0, 0);
    expect(await confirmHistory(outbox.daemon)).toBe(true);
    expect(
      await outbox.ask(
        "select about->>'confirmed_by_standby' || ' ' || reason from talkme.audit order by id desc limit 1",
      ),
    ).toBe("true a standby had confirmed every claim");
  });

  test.each([
    ["goes back to where the instances were registered already", 100],
    ["goes back to before any instance that lives", null],
  ])("is told apart from a restore that %s", async (_, beats) => {
    const outbox = await openConfirmed();
    if (beats === null) await outbox.ask("delete from talkme.instance");
    await failOver(outbox);
    await registerInstance(outbox.daemon, {
      name: "b",
      version: "0",
      host: "h",
      pid: 1,
      leaseSeconds: 3,
      durability: "standby",
    });
    await waitOutTheLease(outbox);
    for (const name of beats === null ? ["b"] : ["a", "b"]) {
      await sendHeartbeat(outbox.daemon, name);
      await testify(outbox.daemon, name, 0, name === "a" ? (beats ?? 0) : 1);
    }
    expect(await confirmHistory(outbox.daemon)).toBe(false);
    await outbox.ask(acknowledge);
  });

  test.each([
    ["whose heartbeats the last change has lost", "a"],
    ["that was registered during the last change", "b"],
  ])("is witnessed by an instance %s", async (_, witness) => {
    const outbox = await openConfirmed();
    await failOver(outbox);
    await checkHistory(outbox.daemon);
    await outbox.register("b");
    await waitOutTheLease(outbox);
    await sendHeartbeat(outbox.daemon, "a");
    await testify(outbox.daemon, "a", 0, 100);
    expect(await confirmHistory(outbox.daemon)).toBe(false);
    await outbox.ask(acknowledge);
    const { era } = await checkHistory(outbox.daemon);
    const beats = await enterEra(outbox.daemon, witness, era, 1);
    await outbox.ask(`delete from talkme.instance where name <> '${witness}'`);

    await failOver(outbox);
    await checkHistory(outbox.daemon);
    await waitOutTheLease(outbox);
    await sendHeartbeat(outbox.daemon, witness);
    await testify(outbox.daemon, witness, 0, beats ?? 100);
    expect(await confirmHistory(outbox.daemon)).toBe(true);
  });

  test.each([
    ["an instance misses a claim", (outbox: TestOutbox) => testify(outbox.daemon, "a", 1, 0)],
    [
      "the server is another one",
      (outbox: TestOutbox) => outbox.ask("update talkme.history set system_identifier = 42"),
    ],
    [
      "claims were local",
      (outbox: TestOutbox) => outbox.ask("select talkme.allow_local_claims('no standby any more')"),
    ],
  ])("does not where %s", async (_, spoil) => {
    const outbox = await openConfirmed();
    await failOver(outbox);
    await checkHistory(outbox.daemon);
    await waitOutTheLease(outbox);
    await spoil(outbox);
    await sendHeartbeat(outbox.daemon, "a");
    await testify(outbox.daemon, "a", 0, 0);
    expect(await confirmHistory(outbox.daemon)).toBe(false);
    await outbox.ask(acknowledge);
  });

  test("leaves what provably was not sent to its instance: it is pending again, with its answer or without", async () => {
    const outbox = await openConfirmed();
    await outbox.ask(
      "alter database " + new URL(outbox.url).pathname.slice(1) + " set synchronous_commit = local",
    );
    await outbox.insertDue(2);
    await outbox.ask(
      "update talkme.instance set durability = 'local'; update talkme.history set claim_durability = 'local'",
    );
    const answered = await claimOne(outbox);
    const lostTurn = await claimOne(outbox);
    await outbox.ask(
      "update talkme.instance set durability = 'standby'; update talkme.history set claim_durability = 'standby'",
    );
    await failOver(outbox);
    await checkHistory(outbox.daemon);
    const lost = {
      claims: [],
      lost: [{ first: lostTurn.claim, last: lostTurn.claim }],
      last: lostTurn.claim,
    };
    expect(await outbox.settle([unsent(answered)])).toMatchObject({ locked: [answered.id] });
    expect(
      await reclaim(outbox.daemon, "a", { ...lost, claims: [`${answered.id}:${answered.claim}`] }),
    ).toEqual({
      released: [],
      forgotten: [],
    });
    await waitOutTheLease(outbox);
    await sendHeartbeat(outbox.daemon, "a");
    await testify(outbox.daemon, "a", 0, 0);
    expect(await confirmHistory(outbox.daemon)).toBe(true);
    expect(await outbox.settle([unsent(answered)])).toMatchObject({ locked: [], doubted: [] });
    expect(await reclaim(outbox.daemon, "a", lost)).toEqual({ released: [lostTurn.id], forgotten: [] });
  });

  test("is told apart because an instance that does not wait for a standby claims nothing, until a person allows it", async () => {
    const outbox = await openConfirmed();
    await outbox.insertDue(1);
    await outbox.register("local");
    const claimLocally = () => settleAndClaim(outbox.daemon, "local", [], [wishFor()]);
    expect(await claimLocally()).toMatchObject({ claimed: [], stop: "local_refused" });
    await expect(outbox.ask("select talkme.allow_local_claims('')")).rejects.toThrow("needs a reason");
    await outbox.ask("select talkme.allow_local_claims('the standby is gone for good')");
    expect((await claimLocally()).claimed).toHaveLength(1);
    // As long as it is registered, nothing says that a standby confirms every claim.
    expect(await raiseClaimDurability(outbox.daemon)).toBe(false);
    await outbox.ask("update talkme.history set local_gone_at = now() - interval '1 hour'");
    expect(await raiseClaimDurability(outbox.daemon)).toBe(false);
    expect((await readHistoryState(outbox.daemon)).claimDurability).toBe("local");
  });
});

test("where the server forbids to read its identity, syncd goes on without it", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insertDue(2);
  const forbid = async (): Promise<void> => {
    await sql`revoke execute on function pg_control_system(), pg_walfile_name(pg_lsn) from public`.execute(
      outbox.db,
    );
    // Its owner is a superuser here.
    await sql`alter function talkme.server_identity() owner to talkme_viewer`.execute(outbox.db);
  };
  await forbid();
  await outbox.register("a", 3);
  expect((await claim(outbox, 1)).claimed).toHaveLength(1);
  expect(await readHistoryState(outbox.daemon)).toMatchObject({
    changed: false,
    is: { systemIdentifier: null, timeline: null },
  });
  await outbox.ask("update talkme.history set server_started_at = 'epoch'");
  expect(await checkHistory(outbox.daemon)).toMatchObject({ changed: false });
  // What it could read and cannot any more may be another server.
  await sql`grant execute on function pg_control_system(), pg_walfile_name(pg_lsn) to public`.execute(
    outbox.db,
  );
  await outbox.ask("update talkme.history set server_started_at = 'epoch'");
  expect(await checkHistory(outbox.daemon)).toMatchObject({ changed: false });
  await forbid();
  await outbox.ask("update talkme.history set server_started_at = 'epoch'");
  expect(await checkHistory(outbox.daemon)).toMatchObject({ changed: true });
});
