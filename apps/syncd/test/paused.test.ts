import { describe, expect, test } from "vitest";

import { lockOutbox, claimWaits } from "./support/locks.ts";
import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";

const shortLease = { TALKME_LEASE_SECONDS: "3" };

/** The daemon's own name in `claimed_by`, once it sends; the account is known to work, and takes many rows at once. */
async function startWarm(stage: Stage, settings: Readonly<Record<string, string>> = {}): Promise<WarmDaemon> {
  const syncd = stage.run({ ...shortLease, ...settings });
  const { instance } = await syncd.logged("sending");
  await stage.reaches(await stage.insert("11988887700"), "sent");
  return { syncd, name: String(instance) };
}

interface WarmDaemon {
  readonly syncd: Syncd;
  readonly name: string;
}

async function metric(syncd: Syncd, name: string): Promise<number> {
  const text = await (await fetch(`${await syncd.http()}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

async function numberOfRequests(stage: Stage, count: number): Promise<void> {
  await expect.poll(() => stage.simulator.requests, { interval: 5 }).toBe(count);
}

describe("an instance paused for longer than its lease with requests on the wire", () => {
  test("comes back under another name, and its answers settle only rows that nobody decided", async () => {
    const stage = await Stage.open();
    const paused = await startWarm(stage);
    stage.faults({ do: { kind: "latency", ms: 500 } });
    const undecided = await stage.insert("11988887771");
    const decidedFailed = await stage.insert("11988887772");
    const decidedSent = await stage.insert("11988887773");
    const sentAgain = await stage.insert("11988887774", "on_unknown", "'resend'");
    await numberOfRequests(stage, 5);

    paused.syncd.signal("SIGSTOP");
    const rescuer = stage.run(shortLease);
    for (const id of [undecided, decidedFailed, decidedSent]) {
      expect(await stage.reaches(id, "unknown")).toMatchObject({ error_code: "instance_lost" });
    }
    await stage.reaches(sentAgain, "sent");
    await stage.sql(
      `update talkme.outbox set status = 'failed', finished_at = now() where id = ${decidedFailed} and status = 'unknown'`,
    );
    await stage.sql(
      `update talkme.outbox set status = 'sent', finished_at = now() where id = ${decidedSent} and status = 'unknown'`,
    );
    const decided = `select * from talkme.outbox where id in (${decidedFailed}, ${decidedSent}, ${sentAgain}) order by id`;
    const before = await stage.sql(decided);

    paused.syncd.signal("SIGCONT");

    expect(await stage.reaches(undecided, "sent")).toMatchObject({
      claimed_by: paused.name,
      attempts: 1,
      fence: 1,
      error_code: null,
      error: null,
    });
    const { dead, name } = await paused.syncd.logged("was declared dead, and is back under another name");
    expect(dead).toBe(paused.name);
    expect(await stage.sql("select name from talkme.instance")).toContainEqual({ name });
    expect(await stage.sql("select name from talkme.instance")).not.toContainEqual({ name: dead });

    await expect.poll(() => metric(paused.syncd, "talkme_stale_settlements_total")).toBe(3);
    expect(await stage.sql(decided)).toEqual(before);
    expect(
      await stage.sql(
        `select outbox_id, outcome from talkme.attempt where instance = '${paused.name}' and outbox_id > 1 order by outbox_id`,
      ),
    ).toEqual(
      [undecided, decidedFailed, decidedSent, sentAgain].map((id) => ({
        outbox_id: id,
        outcome: "accepted",
      })),
    );

    rescuer.signal("SIGTERM");
    expect(await rescuer.exit()).toBe(0);
    expect(await stage.reaches(await stage.insert("11988887775"), "sent")).toMatchObject({
      claimed_by: name,
    });
    // Only the row marked resend was sent twice.
    expect(stage.simulator.ledger.duplicates().map(([first]) => first?.numeroDest)).toEqual(["11988887774"]);
  });

  test("still believes answers that came during the pause, even when it outlasted their time-out", async () => {
    const stage = await Stage.open();
    const paused = await startWarm(stage, { TALKME_REQUEST_TIMEOUT_MS: "2000" });
    stage.faults({ do: { kind: "latency", ms: 500 } });
    const id = await stage.insert("11988887771");
    await numberOfRequests(stage, 2);

    paused.syncd.signal("SIGSTOP");
    stage.run(shortLease);
    await stage.reaches(id, "unknown");
    paused.syncd.signal("SIGCONT");

    await paused.syncd.logged("was declared dead, and is back under another name");
    expect(await stage.reaches(id, "sent")).toMatchObject({ claimed_by: paused.name, error_code: null });
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  });

  test("claims nothing under its dead name", async () => {
    const stage = await Stage.open();
    const paused = await startWarm(stage);
    paused.syncd.signal("SIGSTOP");
    const rescuer = stage.run(shortLease);
    await expect
      .poll(() => stage.sql(`select name from talkme.instance where name = '${paused.name}'`))
      .toEqual([]);
    rescuer.signal("SIGTERM");
    await rescuer.exit();
    await stage.insertSpread(50);

    paused.syncd.signal("SIGCONT");

    await expect.poll(() => stage.count("status = 'sent'")).toBe(51);
    expect(await stage.count(`claimed_by = '${paused.name}'`)).toBe(1);
    expect(await stage.sql("select distinct attempts, fence from talkme.outbox")).toEqual([
      { attempts: 1, fence: 1 },
    ]);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  });
});

test("an instance that learns of its death twice at once comes back once", async () => {
  const stage = await Stage.open();
  const { syncd, name: dead } = await startWarm(stage);
  stage.faults({ do: { kind: "latency", ms: 500 } });
  const id = await stage.insert("11988887771");
  await numberOfRequests(stage, 2);

  // The settlement waits in the server; the heartbeat does not.
  const lock = await lockOutbox(stage);
  await claimWaits(stage);
  await stage.sql(`delete from talkme.instance where name = '${dead}'`);
  const { name } = await syncd.logged("was declared dead, and is back under another name");
  await lock.release();

  expect(await stage.reaches(id, "sent")).toMatchObject({ claimed_by: dead });
  expect(await stage.reaches(await stage.insert("11988887772"), "sent")).toMatchObject({ claimed_by: name });
  expect(await stage.sql("select name from talkme.instance")).toEqual([{ name }]);
});

test("an instance gives back, unsent, rows whose claim was committed while it was paused", async () => {
  const stage = await Stage.open();
  const paused = await startWarm(stage);
  // Due in the same microsecond, so that one claim takes all of them.
  const [{ due } = { due: "" }] = await stage.sql("select (now() + interval '2 s')::text as due");
  const dueSoon = `'${String(due)}'`;
  const uncertain = await stage.insert("11988887771", "send_at", dueSoon);
  const resent = await stage.insert("11988887772", "send_at, on_unknown", `${dueSoon}, 'resend'`);
  const decided = await stage.insert("11988887773", "send_at", dueSoon);

  // The instance asks for the rows when they are due; the server keeps the statement waiting.
  const lock = await lockOutbox(stage);
  await claimWaits(stage);
  paused.syncd.signal("SIGSTOP");
  await lock.release();
  await expect.poll(() => stage.count(`claimed_by = '${paused.name}' and status = 'sending'`)).toBe(3);

  stage.run(shortLease);
  await stage.reaches(uncertain, "unknown");
  await stage.reaches(resent, "sent");
  await stage.reaches(decided, "unknown");
  await stage.sql(
    `update talkme.outbox set status = 'failed', finished_at = now() where id = ${decided} and status = 'unknown'`,
  );
  expect(stage.simulator.ledger.size).toBe(2);
  paused.syncd.signal("SIGCONT");

  await paused.syncd.logged("was declared dead, and is back under another name");
  expect(await stage.reaches(uncertain, "sent")).toMatchObject({ attempts: 1, fence: 2 });
  await expect.poll(() => metric(paused.syncd, "talkme_stale_settlements_total")).toBe(2);
  expect(await stage.row(decided)).toMatchObject({ status: "failed", attempts: 1, fence: 1 });
  expect(await stage.row(resent)).toMatchObject({ status: "sent", attempts: 2, fence: 2 });
  expect(stage.simulator.ledger.entries().map(({ numeroDest }) => numeroDest)).toEqual([
    "11988887700",
    "11988887772",
    "11988887771",
  ]);
});

describe("kill -9 with requests on the wire", () => {
  const concurrency = 4;

  async function killInTheMiddle(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
    const stage = await Stage.open();
    const { syncd } = await startWarm(stage, { TALKME_CONCURRENCY: String(concurrency), ...settings });
    stage.faults({ do: { kind: "hang", when: "after" } });
    await stage.insertSpread(20);
    await numberOfRequests(stage, 1 + concurrency);
    syncd.signal("SIGKILL");
    await syncd.exit();
    expect(await stage.count("status = 'sending'")).toBe(concurrency);
    expect(await stage.count("status = 'pending' and attempts = 0 and fence = 0")).toBe(20 - concurrency);
    stage.faults();
    return stage;
  }

  test("leaves those rows unknown, and every other row is sent once", async () => {
    const stage = await killInTheMiddle();
    stage.run(shortLease);

    await expect.poll(() => stage.count("status = 'unknown'")).toBe(concurrency);
    await expect.poll(() => stage.count("status = 'sent'")).toBe(1 + 20 - concurrency);
    expect(stage.simulator.ledger.size).toBe(21);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  });

  test("resends only those rows that are marked resend", async () => {
    const stage = await killInTheMiddle({ TALKME_ON_UNKNOWN: "resend" });
    stage.run({ ...shortLease, TALKME_ON_UNKNOWN: "resend" });

    await expect.poll(() => stage.count("status = 'sent'")).toBe(21);
    expect(await stage.count("attempts = 2")).toBe(concurrency);
    expect(stage.simulator.ledger.size).toBe(21 + concurrency);
    expect(stage.simulator.ledger.duplicates()).toHaveLength(concurrency);
  });
});

test("SIGTERM under full load leaves no row sending, and every accepted message sent or unknown", async () => {
  const stage = await Stage.open();
  const { syncd, name } = await startWarm(stage, { TALKME_DRAIN_TIMEOUT_MS: "1000" });
  stage.faults(
    { match: { numeroEndsWith: "9" }, do: { kind: "hang", when: "after" } },
    { match: { numeroEndsWith: "4" }, do: { kind: "drop", when: "after" } },
    { match: { numeroEndsWith: "2", firstPerRecipient: 1 }, do: { kind: "status", status: 503 } },
    { do: { kind: "latency", ms: 50, jitterMs: 100 } },
  );
  await stage.insertSpread(200);
  await expect.poll(() => stage.simulator.requests).toBeGreaterThan(30);

  syncd.signal("SIGTERM");

  expect(await syncd.exit()).toBe(0);
  expect(await stage.count("status = 'sending'")).toBe(0);
  expect(await stage.sql(`select name from talkme.instance where name = '${name}'`)).toEqual([]);
  expect(await stage.count("status = 'pending'")).toBeGreaterThan(0);
  const told = await stage.sql("select numero_dest from talkme.outbox where status in ('sent', 'unknown')");
  const accepted = stage.simulator.ledger.entries().map(({ numeroDest }) => numeroDest);
  expect(accepted.filter((numero) => !told.some((row) => row["numero_dest"] === numero))).toEqual([]);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
});
