import { describe, expect, test } from "vitest";

import { readQueue, settleAndClaim, type SettleAndClaimResult } from "../src/daemon.ts";
import { settlementOf, TestOutbox, wishFor } from "./support/outbox.ts";

const restricted = wishFor({ restricted: true });

async function openWithCampaign(settings: string): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.register("b");
  await outbox.ask(`insert into talkme.campaign (id_campanha, name, ${settings.replace(/ = .*/, "")})
    values (1, 'news', ${settings.replace(/^.* = /, "")})`);
  return outbox;
}

async function claim(
  outbox: TestOutbox,
  changes: Partial<typeof restricted> = {},
): Promise<SettleAndClaimResult> {
  return settleAndClaim(outbox.db, "a", [], [{ ...restricted, ...changes }]);
}

const opensAt = async (outbox: TestOutbox, window: string, recipient: string, at: string): Promise<unknown> =>
  outbox.ask(
    `select to_char(talkme.opens_at(talkme.parse_sending_window('${window}'), '${recipient}', '${at}') at time zone 'UTC', 'YYYY-MM-DD HH24:MI')`,
  );

describe("the next opening of a sending window", () => {
  test.each([
    // 2026-11-25 is a Wednesday.
    ["mon-fri 9:00-19:00", "5511988887777", "2026-11-25 12:34Z", "2026-11-25 12:34", "open in São Paulo"],
    [
      "mon-fri 9:00-19:00",
      "5511988887777",
      "2026-11-25 11:59Z",
      "2026-11-25 12:00",
      "a minute before it opens",
    ],
    ["mon-fri 9:00-19:00", "5511988887777", "2026-11-25 21:59Z", "2026-11-25 21:59", "in the last minute"],
    ["mon-fri 9:00-19:00", "5511988887777", "2026-11-25 22:00Z", "2026-11-26 12:00", "when it has closed"],
    ["mon-fri 9:00-19:00", "5511988887777", "2026-11-27 22:00Z", "2026-11-30 12:00", "over the weekend"],
    ["mon-fri 9-19, sat 9-13", "5511988887777", "2026-11-27 22:00Z", "2026-11-28 12:00", "on a Saturday"],
    ["seg-sex 9-19", "5511988887777", "2026-11-27 22:00Z", "2026-11-30 12:00", "in Portuguese"],
    ["mon 0-24", "5511988887777", "2026-11-25 12:00Z", "2026-11-30 03:00", "days ahead"],
    ["sat-mon 9-10", "5511988887777", "2026-11-25 12:00Z", "2026-11-28 12:00", "over the end of the week"],
    ["mon-fri 9:00-19:00", "5568988887777", "2026-11-25 13:00Z", "2026-11-25 14:00", "by the clock of Acre"],
    [
      "mon-fri 9:00-19:00",
      "5592988887777",
      "2026-11-25 12:30Z",
      "2026-11-25 13:00",
      "by the clock of Manaus",
    ],
    ["mon-fri 9:00-19:00", "558136191234", "2026-11-25 11:00Z", "2026-11-25 11:00", "in Fernando de Noronha"],
    ["mon-fri 9:00-19:00", "5581988887777", "2026-11-25 11:00Z", "2026-11-25 12:00", "in Recife"],
    ["mon-fri 9:00-19:00", "14155552671", "2026-11-25 11:00Z", "2026-11-25 12:00", "of a foreign number"],
    ["mon-fri 9:00-19:00", "fulano@example.com", "2026-11-25 11:00Z", "2026-11-25 12:00", "of an e-mail"],
  ])("%s for %s at %s is %s: %s", async (window, recipient, at, expected) => {
    const outbox = await TestOutbox.open();

    expect(await opensAt(outbox, window, recipient, at)).toBe(expected);
  });

  test("is never on a holiday of the country or the recipient's state", async () => {
    const outbox = await TestOutbox.open();
    await outbox.ask(
      "insert into talkme.holiday values ('2026-11-26', '*', 'national'), ('2026-11-27', 'SP', 'of São Paulo')",
    );

    const at = "2026-11-25 23:00Z";
    expect(await opensAt(outbox, "mon-sun 9-19", "5521988887777", at)).toBe("2026-11-27 12:00");
    expect(await opensAt(outbox, "mon-sun 9-19", "5511988887777", at)).toBe("2026-11-28 12:00");
  });

  test.each([
    "",
    "mon",
    "mon 9",
    "mon-fri 19-9",
    "mon 9-25",
    "mon 9:60-10",
    "xyz 9-10",
    "mon 9-10;",
    "mon 9-9",
  ])("cannot be asked of %j", async (window) => {
    const outbox = await TestOutbox.open();

    await expect(
      outbox.ask(`insert into talkme.account (account, sending_window) values ('default', '${window}')`),
    ).rejects.toMatchObject({ code: "22023", hint: expect.stringContaining("mon-fri 9:00-19:00") });
  });

  test("knows exactly the existing DDDs", async () => {
    const { brazilianDdds } = await import("../../core/src/phone/brazilian-ddds.ts");
    const outbox = await TestOutbox.open();

    const known = await outbox.ask(
      "select array_agg(prefix order by prefix) from talkme.area where length(prefix) = 2",
    );

    expect(known).toEqual([...brazilianDdds].toSorted());
  });
});

/** Windows that are open or closed in São Paulo when the test runs. */
const openNow = "'mon-sun 0-24'";
const closedNow =
  "'mon-sun ' || case when extract(hour from now() at time zone 'America/Sao_Paulo') < 12 then '20-21' else '3-4' end";

describe("outside of its sending window a row", () => {
  test("is put off until the next opening, without using an attempt", async () => {
    const outbox = await openWithCampaign(`sending_window = ${closedNow}`);
    const [id = ""] = await outbox.insertDue(1);

    const { claimed, passed } = await claim(outbox);

    expect(claimed).toEqual([]);
    expect(passed).toMatchObject([{ id, code: "outside_window" }]);
    expect(await outbox.row(id)).toMatchObject({
      status: "pending",
      attempts: 0,
      fence: 0,
      error_code: "outside_window",
      claimed_by: null,
    });
    expect(
      await outbox.ask(`
        select retry_at = talkme.opens_at(c.open_minutes, o.recipient, now()) and retry_at > now()
        from talkme.outbox as o, talkme.campaign as c`),
    ).toBe(true);
  });

  test("is sent when it opens", async () => {
    const outbox = await openWithCampaign(`sending_window = ${closedNow}`);
    await outbox.insertDue(1);
    await claim(outbox);
    await outbox.ask(`update talkme.campaign set sending_window = ${openNow}`);
    await outbox.ask("update talkme.outbox set retry_at = now()");

    expect((await claim(outbox)).claimed).toHaveLength(1);
  });

  test("still expires once overdue", async () => {
    const outbox = await openWithCampaign(`sending_window = ${closedNow}`);
    const [id = ""] = await outbox.insert(
      "numero_dest, id_campanha, send_at, expires_at",
      "values ('11988887777', 1, now() - interval '2 hours', now() - interval '1 hour')",
    );

    expect((await claim(outbox)).passed).toMatchObject([{ id, code: "expired" }]);
  });

  test("does not hold up rows whose recipients are within their window", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    // Open for the current hour of Acre; in São Paulo it is two hours later.
    await outbox.ask(`
      insert into talkme.account (account, sending_window)
      select 'default', format('mon-sun %s-%s', hour, hour + 1)
      from (select extract(hour from now() at time zone 'America/Rio_Branco')::integer as hour) as acre`);
    await outbox.insert(
      "numero_dest, id_campanha, send_at",
      "select '11988887777', 1, now() - interval '1 minute' from generate_series(1, 50)",
    );
    const [id = ""] = await outbox.insert("numero_dest, id_campanha", "values ('68988887777', 1)");

    const { claimed, passed } = await claim(outbox, { limit: 1, scan: 200 });

    expect(claimed.map((row) => row.id)).toEqual([id]);
    expect(passed).toHaveLength(50);
  });

  test("is reported to the daemon before it asks for it", async () => {
    const outbox = await openWithCampaign(`sending_window = ${closedNow}`);
    await outbox.insertDue(1);

    const { lanes } = await readQueue(outbox.db);

    expect(lanes).toMatchObject([{ restricted: true, paused: false, partlyClosed: expect.any(Boolean) }]);
  });

  test("waits by the account's window when its campaign has none", async () => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.ask(`insert into talkme.account (account, sending_window) values ('default', ${closedNow})`);
    await outbox.insertDue(1);

    expect((await claim(outbox)).passed).toMatchObject([{ code: "outside_window" }]);
    await outbox.ask(
      `insert into talkme.campaign (id_campanha, name, sending_window) values (1, 'a', ${openNow})`,
    );
    await outbox.insertDue(1);
    expect((await claim(outbox)).claimed).toHaveLength(1);
  });
});

describe("within the recipient gap", () => {
  const gap = "recipient_gap = interval '1 hour'";

  test("a number in any spelling gets one of the messages claimed together", async () => {
    const outbox = await openWithCampaign(gap);
    await outbox.insert(
      "numero_dest, id_campanha",
      "values ('11988887777', 1), ('+55 11 8888-7777', 1), ('5511988887777', 1), ('11988887778', 1)",
    );

    const { claimed, passed } = await claim(outbox);

    expect(claimed.map(({ numeroDest }) => numeroDest)).toEqual(["11988887777", "11988887778"]);
    expect(passed.map(({ code }) => code)).toEqual(["recipient_gap", "recipient_gap"]);
  });

  test("the next message waits out the gap after the last claim, without using an attempt", async () => {
    const outbox = await openWithCampaign(gap);
    const [first = "", second = ""] = await outbox.insertDue(2);
    const { claimed } = await claim(outbox, { limit: 1 });
    await outbox.settle(claimed.map((row) => settlementOf(row, "a")));

    expect((await claim(outbox)).passed).toMatchObject([{ id: second, code: "recipient_gap" }]);
    expect(await outbox.row(second)).toMatchObject({
      status: "pending",
      attempts: 0,
      error_code: "recipient_gap",
    });
    expect(
      await outbox.ask(`
        select b.retry_at = a.claimed_at + interval '1 hour'
        from talkme.outbox as a, talkme.outbox as b where a.id = ${first} and b.id = ${second}`),
    ).toBe(true);
  });

  test.each([
    ["was sent", {}, false],
    ["may have been sent", { status: "unknown" }, false],
    ["was rejected", { status: "failed" }, true],
    ["was provably not sent", { status: "pending", retryInMs: 60_000 }, true],
  ] as const)("a message that %s counts as it should", async (_what, changes, isFree) => {
    const outbox = await openWithCampaign(gap);
    await outbox.insertDue(2);
    const { claimed } = await claim(outbox, { limit: 1 });
    await outbox.settle(claimed.map((row) => settlementOf(row, "a", changes)));

    expect((await claim(outbox)).claimed).toHaveLength(isFree ? 1 : 0);
  });

  test("a message of another campaign without a gap counts too", async () => {
    const outbox = await openWithCampaign(gap);
    await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 2)");
    expect(await outbox.claim("a", { lane: "default/2/-" })).toHaveLength(1);
    await outbox.insertDue(1);

    expect((await claim(outbox)).passed).toMatchObject([{ code: "recipient_gap" }]);
  });

  test("a campaign with a gap of 0 has none, whatever its account's", async () => {
    const outbox = await openWithCampaign("recipient_gap = interval '0'");
    await outbox.ask("insert into talkme.account (account, recipient_gap) values ('default', '1 hour')");
    await outbox.insertDue(3);

    expect((await claim(outbox)).claimed).toHaveLength(3);
  });

  test("two instances that claim at once send one message to each number", async () => {
    const outbox = await openWithCampaign(gap);
    for (let round = 0; round < 15; round += 1) {
      await outbox.ask("truncate talkme.outbox, talkme.gap_claim");
      await outbox.insert(
        "numero_dest, id_campanha",
        "select '1198888777' || i % 10, 1 from generate_series(1, 100) as i",
      );
      const claims = ["a", "b", "a", "b"].map(async (instance) =>
        settleAndClaim(outbox.db, instance, [], [{ ...restricted, limit: 10 }]),
      );

      await Promise.all(claims);

      expect(
        await outbox.ask(`
          select count(*) from (
            select recipient from talkme.outbox where status = 'sending' group by recipient having count(*) > 1
          ) as twice`),
      ).toBe("0");
    }
  });
});

test("a forgotten person gets nothing, even if the row became pending again", async () => {
  const outbox = await openWithCampaign("active = true");
  const [id = ""] = await outbox.insertDue(1);
  await outbox.ask("update talkme.outbox set blanked_at = now(), numero_dest = null, recipient_hash = '#1'");

  expect((await claim(outbox)).passed).toMatchObject([{ id, code: "forgotten" }]);
  expect(await outbox.row(id)).toMatchObject({ status: "cancelled", error_code: "forgotten" });
});

test("an answer about a person forgotten in the meantime is not kept", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(1);
  const [row] = await outbox.claim("a");
  if (row === undefined) throw new Error("Nothing was claimed.");
  await outbox.ask("update talkme.outbox set blanked_at = now(), numero_dest = null, recipient_hash = '#1'");

  await outbox.settle([settlementOf(row, "a", { status: "failed", error: "no such number 11988887777" })]);

  expect(await outbox.row(row.id)).toMatchObject({ status: "failed", response: null, error: null });
  expect(await outbox.ask("select error from talkme.attempt")).toBe(null);
});

test("rows put off are looked at again when their campaign or account is resumed", async () => {
  const outbox = await openWithCampaign(`sending_window = ${closedNow}`);
  const [id = ""] = await outbox.insertDue(1);
  await claim(outbox);
  await outbox.ask("update talkme.campaign set sending_window = null");

  expect(await claim(outbox)).toMatchObject({ claimed: [] });
  expect(await outbox.ask("select talkme.resume('campaign:1')")).toBe(
    "1 row of campaign:1 that was put off is looked at again.",
  );
  expect((await claim(outbox)).claimed.map((row) => row.id)).toEqual([id]);
});

test("no claim that begins after a campaign became inactive gets its rows", async () => {
  const outbox = await openWithCampaign("active = true");
  await outbox.insertDue(1);
  await outbox.ask("update talkme.campaign set active = false");

  expect(await claim(outbox, { restricted: false })).toMatchObject({
    claimed: [],
    refusedAccounts: ["default"],
  });
});
