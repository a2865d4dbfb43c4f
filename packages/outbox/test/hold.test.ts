import { describe, expect, test } from "vitest";

import { readQueue, settleAndClaim } from "../src/daemon.ts";
import { settlementOf, TestOutbox, wishFor } from "./support/outbox.ts";

async function openWithRows(count = 1): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  if (count > 0) await outbox.insertDue(count);
  return outbox;
}

describe("a pause", () => {
  test.each(["all", "account:default", "campaign:1"])(
    "of %s binds every claim that begins after its commit; the claim and the queue report it",
    async (scope) => {
      const outbox = await openWithRows();
      await outbox.ask(`select talkme.pause('${scope}', 'wrong price')`);

      const result = await settleAndClaim(outbox.db, "a", [], [wishFor()]);

      expect(result).toMatchObject({ claimed: [], refusedAccounts: ["default"] });
      expect((await readQueue(outbox.db)).lanes).toMatchObject([{ paused: true }]);
    },
  );

  test.each(["account:vendas", "campaign:2", "campaign:11", "channel:1"])(
    "of %s leaves others alone",
    async (scope) => {
      const outbox = await openWithRows();
      await outbox.ask(`select talkme.pause('${scope}', 'wrong price')`);

      expect(await outbox.claim("a")).toHaveLength(1);
    },
  );

  test("of a channel stops the rows that name it", async () => {
    const outbox = await openWithRows(0);
    await outbox.insert("numero_dest, id_campanha, id_wpp", "values ('11988887777', 1, 9)");
    await outbox.ask("select talkme.pause('channel:9', 'blocked by Meta')");

    expect(await outbox.claim("a", { lane: "default/1/9" })).toEqual([]);
    await outbox.ask("select talkme.resume('channel:9')");
    expect(await outbox.claim("a", { lane: "default/1/9" })).toHaveLength(1);
  });

  test("does not stop answers from being settled", async () => {
    const outbox = await openWithRows();
    const [row] = await outbox.claim("a");
    if (row === undefined) throw new Error("Nothing was claimed.");
    await outbox.ask("select talkme.pause('all', 'maintenance')");

    expect((await outbox.settle([settlementOf(row, "a")])).stale).toEqual([]);
    expect(await outbox.row(row.id)).toMatchObject({ status: "sent" });
  });

  test("ends with the resume of its own scope, which lists what is still paused", async () => {
    const outbox = await openWithRows();
    await outbox.ask("select talkme.pause('campaign:1', 'wrong price')");
    await outbox.ask("select talkme.pause('all', 'maintenance')");

    expect(await outbox.ask("select talkme.resume('all')")).toBe(
      "all is no longer paused. Paused still: campaign:1 (wrong price).",
    );
    expect(await outbox.claim("a")).toEqual([]);
    expect(await outbox.ask("select talkme.resume('campaign:1')")).toBe("campaign:1 is no longer paused.");
    expect(await outbox.claim("a")).toHaveLength(1);
    expect(await outbox.ask("select talkme.resume('campaign:1')")).toBe(
      "Nothing of campaign:1 was paused, held or stopped by a circuit.",
    );
  });

  test("is recorded with who, when and why", async () => {
    const outbox = await openWithRows();
    await outbox.ask("select talkme.pause('campaign:1', 'wrong price')");
    await outbox.ask("select talkme.resume('campaign:1')");

    expect(
      await outbox.ask(
        "select json_agg(json_build_array(action, about, who = current_user, reason) order by id) from talkme.audit",
      ),
    ).toEqual([
      ["pause", { scope: "campaign:1" }, true, "wrong price"],
      ["resume", { scope: "campaign:1" }, true, null],
    ]);
  });

  test.each([
    "campaign",
    "campaign:",
    "campaign:0",
    "campaign:x",
    "account:Vendas",
    "everything",
    "all:1",
    "",
  ])("refuses %j as a scope, and says which there are", async (scope) => {
    const outbox = await TestOutbox.open();

    await expect(outbox.ask(`select talkme.pause('${scope}', 'why')`)).rejects.toMatchObject({
      code: "22023",
      hint: expect.stringContaining("campaign:ID"),
    });
  });

  test("of a scope without waiting rows asks whether the name is right", async () => {
    const outbox = await openWithRows();

    expect(await outbox.ask("select talkme.pause('campaign:1', 'x')")).not.toContain("is the name right");
    expect(await outbox.ask("select talkme.pause('campaign:7777', 'x')")).toContain("is the name right?");
  });

  test("needs a reason", async () => {
    const outbox = await TestOutbox.open();

    await expect(outbox.ask("select talkme.pause('all', ' ')")).rejects.toThrow("a pause needs a reason");
  });

  test("of a campaign stops waiting rows as an inactive campaign does", async () => {
    const outbox = await openWithRows();
    await outbox.ask("insert into talkme.campaign (id_campanha, name, active) values (1, 'old', false)");

    expect((await readQueue(outbox.db)).lanes).toMatchObject([{ paused: true }]);
  });
});

describe("a suppressed recipient", () => {
  const spellings = [
    "11988887777",
    "5511988887777",
    "+55 (11) 98888-7777",
    "1188887777",
    "+551188887777",
    "011988887777",
  ];

  test.each(spellings)("gets none of the waiting rows when suppressed as %s", async (spelling) => {
    const outbox = await openWithRows(0);
    const ids = await outbox.insert(
      "numero_dest, id_campanha",
      `values ${spellings.map((each) => `('${each}', 1)`).join(", ")}`,
    );

    expect(await outbox.ask(`select talkme.suppress('${spelling}', 'asked for it')`)).toContain(
      `${ids.length} waiting rows were cancelled`,
    );
    for (const id of ids)
      expect(await outbox.row(id)).toMatchObject({ status: "cancelled", error_code: "suppressed" });
  });

  test("gets no row inserted later or locked at the time: the claim cancels it", async () => {
    const outbox = await openWithRows(0);
    await outbox.ask("select talkme.suppress('11988887777', 'asked for it')");
    const [id = "", other = ""] = await outbox.insert(
      "numero_dest, id_campanha",
      "values ('+55 11 8888-7777', 1), ('11988887778', 1)",
    );

    const { claimed, passed } = await settleAndClaim(outbox.db, "a", [], [wishFor()]);

    expect(claimed.map((row) => row.id)).toEqual([other]);
    expect(passed).toMatchObject([{ id, code: "suppressed" }]);
    expect(await outbox.row(id)).toMatchObject({
      status: "cancelled",
      error_code: "suppressed",
      attempts: 0,
      finished_at: expect.any(Date),
    });
  });

  test("may be an e-mail address", async () => {
    const outbox = await openWithRows(0);
    const [id = ""] = await outbox.insert("email_dest, id_campanha", "values ('Fulano@Example.com', 1)");

    await outbox.ask("select talkme.suppress('fulano@example.com', 'asked for it')");

    expect(await outbox.row(id)).toMatchObject({ status: "cancelled" });
  });

  test("does not appear in the audit or in any sentence", async () => {
    const outbox = await openWithRows();
    const said = await outbox.ask("select talkme.suppress('11988887777', 'asked for it')");

    expect(String(said)).not.toMatch(/8888/);
    expect(JSON.stringify(await outbox.ask("select json_agg(a) from talkme.audit as a"))).not.toMatch(/8888/);
  });

  test("can be unsuppressed", async () => {
    const outbox = await openWithRows(0);
    await outbox.ask("select talkme.suppress('11988887777', 'asked for it')");

    expect(await outbox.ask("select talkme.unsuppress('+55 11 8888 7777')")).toContain("may be written to");
    await outbox.insertDue(1);
    expect(await outbox.claim("a")).toHaveLength(1);
    expect(await outbox.ask("select talkme.unsuppress('11988887777')")).toBe(
      "The recipient was not suppressed.",
    );
  });

  test.each(["", "fulano", "123", "x@", "' or true --"])("cannot be %j", async (numero) => {
    const outbox = await TestOutbox.open();

    await expect(
      outbox.ask(`select talkme.suppress('${numero.replaceAll("'", "''")}', 'why')`),
    ).rejects.toMatchObject({ code: "22023" });
  });
});

describe("rows held after an accident", () => {
  test("wait until their campaign is resumed, however many they are", async () => {
    const outbox = await openWithRows(0);
    await outbox.ask("insert into talkme.campaign (id_campanha, name, burst_limit) values (1, 'news', 3)");
    await outbox.insertDue(3);
    await outbox.insertDue(4);

    expect(await outbox.claim("a", { limit: 20 })).toHaveLength(3);
    expect(await outbox.ask("select talkme.resume('all')")).toBe(
      "Nothing of all was paused, held or stopped by a circuit.",
    );
    expect(await outbox.claim("a", { limit: 20 })).toEqual([]);
    expect(await outbox.ask("select talkme.resume('campaign:1')")).toBe("4 held rows of campaign:1 may go.");
    expect(await outbox.claim("a", { limit: 20 })).toHaveLength(4);
  });
});
