import { memberUrl } from "@talkme/test-postgres";
import { sql, type Kysely } from "kysely";
import { onTestFinished, describe, expect, test } from "vitest";

import type { OutboxDatabase } from "../src/index.ts";
import { connect } from "./support/connect.ts";
import { TestOutbox } from "./support/outbox.ts";

type Login = "talkme_viewer" | "talkme_operator" | "talkme_marketing" | "talkme_producer";

interface Someone {
  readonly login: string;
  readonly ask: (statement: string) => Promise<readonly Record<string, unknown>[]>;
}

async function member(outbox: TestOutbox, role: Login): Promise<Someone> {
  const db: Kysely<OutboxDatabase> = connect(await memberUrl(outbox.url, role));
  onTestFinished(() => db.destroy());
  return {
    login: `test_${role}`,
    ask: async (statement) => (await sql<Record<string, unknown>>`${sql.raw(statement)}`.execute(db)).rows,
  };
}

async function ids({ ask }: Someone): Promise<readonly unknown[]> {
  return (await ask("select id from talkme.messages order by id")).map(({ id }) => id);
}

/** Three rows: of campaigns 1 and 2, and an e-mail. */
async function fill(outbox: TestOutbox): Promise<void> {
  await outbox.insert(
    "numero_dest, email_dest, id_campanha, info_contato",
    `values
      ('+55 (11) 98888-7777', null, 1, '{"nome":"Fulano de Tal","geral1":"R$ 10,00"}'::jsonb),
      ('2133334444', null, 2, null), (null, 'fulano.tal@example.com', 2, '{"nome":"Fulano de Tal"}')`,
  );
}

describe("talkme.messages", () => {
  test("shows whom a message goes to well enough to recognise, and no variables, answers or keys", async () => {
    const outbox = await TestOutbox.open();
    await fill(outbox);
    await outbox.ask(
      "update talkme.outbox set error = 'refused: 11988887777 is not a customer' where id = 1",
    );
    const rows = await (
      await member(outbox, "talkme_viewer")
    ).ask("select * from talkme.messages order by id");
    expect(rows.map((row) => [row["numero_dest"], row["email_dest"]])).toEqual([
      ["(11) *****-7777", null],
      ["(21) ****-4444", null],
      [null, "f***@example.com"],
    ]);
    expect(rows[0]).toMatchObject({ error: "refused: (number) is not a customer" });
    expect(JSON.stringify(rows)).not.toMatch(/88887777|33334444|Fulano|fulano|R\$/);
  });

  test.each([
    ["11988887777", "(11) *****-7777"],
    ["5511988887777", "(11) *****-7777"],
    ["1133334444", "(11) ****-4444"],
    ["+351912345678", "********5678"],
    ["123", "****"],
    ["", "****"],
    ["a@b@example.com", "a***@example.com"],
  ])("masks %s as %s", async (recipient, masked) => {
    const outbox = await TestOutbox.open();
    expect(await outbox.ask(`select talkme.mask_recipient('${recipient}')`)).toBe(masked);
  });

  test("shows a producer its own rows, and a member of talkme_marketing the campaigns that it was granted", async () => {
    const outbox = await TestOutbox.open();
    await fill(outbox);
    const producer = await member(outbox, "talkme_producer");
    await producer.ask("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 3)");
    const marketing = await member(outbox, "talkme_marketing");
    expect(await ids(producer)).toEqual(["4"]);
    expect(await ids(marketing)).toEqual([]);
    await outbox.ask(`select talkme.grant_campaign(2, '${marketing.login}')`);
    expect(await ids(marketing)).toEqual(["2", "3"]);
    await outbox.ask(`select talkme.revoke_campaign(2, '${marketing.login}')`);
    expect(await ids(marketing)).toEqual([]);
  });

  test("gives a function in the reader's condition no row that the reader does not see", async () => {
    const outbox = await TestOutbox.open();
    await fill(outbox);
    const marketing = await member(outbox, "talkme_marketing");
    await outbox.ask(`select talkme.grant_campaign(1, '${marketing.login}')`);
    await outbox.ask(`
      create function public.seen(bigint) returns boolean language plpgsql cost 0.0001 as $$
        begin if $1 > 1 then raise 'leaked row %', $1; end if; return true; end $$`);
    expect(await marketing.ask("select id from talkme.messages where public.seen(id)")).toHaveLength(1);
  });
});

describe("talkme.reveal", () => {
  test("shows one row to an operator or viewer, and writes down who looked and why", async () => {
    const outbox = await TestOutbox.open();
    await fill(outbox);
    for (const role of ["talkme_operator", "talkme_viewer"] as const) {
      const { ask, login } = await member(outbox, role);
      await expect(ask("select * from talkme.reveal(1, ' ')")).rejects.toThrow("needs a reason");
      expect(
        await ask("select numero_dest, info_contato ->> 'nome' as nome from talkme.reveal(1, 'ticket 815')"),
      ).toEqual([{ numero_dest: "+55 (11) 98888-7777", nome: "Fulano de Tal" }]);
      expect(
        await ask("select who, action, about, rows, reason from talkme.audit order by id desc limit 1"),
      ).toEqual([{ who: login, action: "reveal", about: { id: 1 }, rows: "1", reason: "ticket 815" }]);
    }
    await expect(
      (await member(outbox, "talkme_operator")).ask("select * from talkme.reveal(99, 'x')"),
    ).rejects.toThrow("there is no row 99");
  });
});

describe("talkme_marketing", () => {
  test("never reads a number, decides what is unknown, forgets or reveals, even of campaigns that it was granted", async () => {
    const outbox = await TestOutbox.open();
    await fill(outbox);
    const { ask, login } = await member(outbox, "talkme_marketing");
    await outbox.ask(`select talkme.grant_campaign(1, '${login}')`);
    for (const statement of [
      "select numero_dest from talkme.outbox",
      "select recipient from talkme.outbox",
      "select * from talkme.attempt",
      "select * from talkme.suppression",
      "select * from talkme.audit",
      "select * from talkme.console_account",
      "select * from talkme.console_session",
      "select * from talkme.reveal(1, 'x')",
      "select talkme.resolve(1, 'resend')",
      "select * from talkme.resolve_where('resend', id_campanha => 1)",
      "select talkme.retry(1)",
      "select * from talkme.retry_where(id_campanha => 1)",
      "select talkme.forget('11988887777')",
      "select talkme.suppress('11988887777', 'x')",
      `select talkme.grant_campaign(2, '${login}')`,
      "update talkme.outbox set numero_dest = null",
    ])
      await expect(ask(statement)).rejects.toMatchObject({ code: "42501" });
  });

  test("brings lists for the campaigns that it was granted and for no other, and sees what became of them", async () => {
    const outbox = await TestOutbox.open();
    const { ask, login } = await member(outbox, "talkme_marketing");
    await outbox.ask(`select talkme.grant_campaign(1, '${login}')`);
    const [batch] = await ask(
      "insert into talkme.batch (name, expected_rows) values ('natal', 1) returning id",
    );
    const insert = (campaign: string) =>
      ask(
        `insert into talkme.outbox (numero_dest, id_campanha, batch_id) values ('11988887777', ${campaign}, 1) returning id`,
      );
    expect(batch).toEqual({ id: "1" });
    expect(await insert("1")).toEqual([{ id: "1" }]);
    for (const campaign of ["2", "null"])
      await expect(insert(campaign)).rejects.toMatchObject({ code: campaign === "null" ? "23514" : "42501" });
    expect(await ask("select name, rows, pending from talkme.batches")).toEqual([
      { name: "natal", rows: "1", pending: "1" },
    ]);
    expect(await ask("select talkme.pause('batch:1', 'x') is not null as paused")).toEqual([
      { paused: true },
    ]);
    expect(await ask("select rows from talkme.cancel_where(batch_id => 1, go => true)")).toEqual([
      { rows: "1" },
    ]);
  });

  test("counts its own campaigns alone, and pauses no other", async () => {
    const outbox = await TestOutbox.open();
    await fill(outbox);
    const { ask, login } = await member(outbox, "talkme_marketing");
    expect(await ask("select * from talkme.stats")).toEqual([]);
    await outbox.ask(`select talkme.grant_campaign(2, '${login}')`);
    expect(await ask("select id_campanha, pending from talkme.stats")).toEqual([
      { id_campanha: "2", pending: "2" },
    ]);
    await ask("select talkme.pause('campaign:2', 'x')");
    await ask("select talkme.resume('campaign:2')");
    for (const scope of ["campaign:1", "all", "account:default", "channel:1"])
      for (const call of [`pause('${scope}', 'x')`, `resume('${scope}')`])
        await expect(ask(`select talkme.${call}`)).rejects.toMatchObject({ code: "42501" });
    expect(await ask("select talkme.explain(2) like 'Row 2 is pending%' as seen")).toEqual([{ seen: true }]);
    expect(await ask("select talkme.explain(1) like '%not yours%' as hidden")).toEqual([{ hidden: true }]);
    expect(await ask("select * from talkme.history(1)")).toEqual([]);
  });
});
