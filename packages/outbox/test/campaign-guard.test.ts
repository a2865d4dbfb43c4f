import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";

async function openWithCampaign(settings: Readonly<Record<string, string>>): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  const columns = ["id_campanha", "name", ...Object.keys(settings)].join(", ");
  const values = ["1", "'Cobrança'", ...Object.values(settings)].join(", ");
  await outbox.ask(`insert into talkme.campaign (${columns}) values (${values})`);
  return outbox;
}

async function producer(outbox: TestOutbox): Promise<Client> {
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const toFulano = "numero_dest, id_campanha, info_contato";

describe("a campaign's required variables", () => {
  const settings = { required_variables: "'{PRIMEIRO_NOME, geral1}'" };

  test.each([
    [`'{"nome": "Fulano"}'`, "geral1"],
    [`'{"geral1": "R$ 10,00"}'`, "nome (for PRIMEIRO_NOME)"],
    [`'{"nome": " ", "geral1": "R$ 10,00"}'`, "nome (for PRIMEIRO_NOME)"],
    [`'{"nome": "\u00a0", "geral1": "\u200b\u3164"}'`, "nome (for PRIMEIRO_NOME), geral1"],
    [`'{"nome": "\ufeff\u2060", "geral1": "\u3000"}'`, "nome (for PRIMEIRO_NOME), geral1"],
    ["null", "nome (for PRIMEIRO_NOME), geral1"],
  ])("refuse an insert with %s, and name %s", async (info, missing) => {
    const outbox = await openWithCampaign(settings);

    await expect(outbox.insert(toFulano, `values ('11988887777', 1, ${info})`)).rejects.toMatchObject({
      code: "23514",
      constraint: "outbox_campaign_variables",
      message: `campaign 1 (Cobrança) needs variables that are missing or blank: ${missing}`,
    });
  });

  test("accept a row that has them all, and apply to later corrections too", async () => {
    const outbox = await openWithCampaign(settings);
    const [id = ""] = await outbox.insert(
      toFulano,
      `values ('11988887777', 1, '{"nome": "Fulano", "geral1": "R$ 10,00"}')`,
    );

    await expect(
      outbox.ask(`update talkme.outbox set info_contato = '{"nome": "Fulano"}' where id = ${id}`),
    ).rejects.toMatchObject({ constraint: "outbox_campaign_variables" });
  });

  test("are not required in other campaigns or accounts", async () => {
    const outbox = await openWithCampaign(settings);

    expect(await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 2)")).toHaveLength(1);
    expect(
      await outbox.insert("account, numero_dest, id_campanha", "values ('vendas', '11988887777', 1)"),
    ).toHaveLength(1);
  });

  test("must be existing variables", async () => {
    await expect(openWithCampaign({ required_variables: "'{valor}'" })).rejects.toMatchObject({
      constraint: "campaign_required_variables_known",
    });
  });
});

test("an inactive campaign refuses inserts and is named", async () => {
  const outbox = await openWithCampaign({ active: "false" });

  await expect(outbox.insertDue(1)).rejects.toMatchObject({
    constraint: "outbox_campaign_active",
    message: "campaign 1 (Cobrança) is not active",
  });
});

async function openWithRow(settings: Readonly<Record<string, string>>): Promise<TestOutbox> {
  const outbox = await openWithCampaign(settings);
  await outbox.insert(toFulano, `values ('11988887777', 1, '{"nome": "Fulano"}')`);
  return outbox;
}

describe("the same recipient and variables again", () => {
  const again = `values ('+55 11 8888-7777', 1, '{"nome": "Fulano"}') `;

  test("are accepted by default", async () => {
    const outbox = await openWithRow({});

    expect(await outbox.insert(toFulano, again)).toHaveLength(1);
  });

  test("are refused within the window in any spelling of the number, which is not echoed", async () => {
    const outbox = await openWithRow({ duplicate_window: "interval '1 day'" });

    await expect(outbox.insert(toFulano, again)).rejects.toMatchObject({
      constraint: "outbox_duplicate",
      message: expect.stringMatching(
        /^the recipient was given the same message of campaign 1 at .*, as row 1$/,
      ),
    });
  });

  test("are refused within one statement and between concurrent transactions", async () => {
    const outbox = await openWithCampaign({ duplicate_window: "interval '1 day'" });
    const insertAgain = async (): Promise<unknown> => outbox.insert(toFulano, again);

    await expect(outbox.insert(toFulano, `${again}, ${again.replace("values", "")}`)).rejects.toMatchObject({
      constraint: "outbox_duplicate",
    });
    const results = await Promise.allSettled(Array.from({ length: 8 }, insertAgain));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("are also found by address when only one of the two has a number", async () => {
    const outbox = await openWithCampaign({ duplicate_window: "interval '1 day'" });
    const columns = "numero_dest, email_dest, id_campanha";
    await outbox.insert(columns, "values ('11988887777', 'Fulano@b.com', 1), (null, 'beltrana@b.com', 1)");
    for (const values of ["(null, 'fulano@B.com', 1)", "('11988887778', 'Beltrana@b.com', 1)"])
      await expect(outbox.insert(columns, `values ${values}`)).rejects.toMatchObject({
        constraint: "outbox_duplicate",
      });
  });

  test.each(["read committed", "repeatable read", "serializable"])(
    "are never both accepted from two producers under %s, even if the second began before the first committed",
    async (isolation) => {
      const outbox = await openWithCampaign({ duplicate_window: "interval '1 day'" });
      for (const campaignHasRows of [false, true]) {
        const number = campaignHasRows ? "11988887778" : "11988887777";
        const second = await producer(outbox);
        await second.query(`begin isolation level ${isolation}`);
        await second.query("select count(*) from talkme.outbox");
        await outbox.insert("numero_dest, id_campanha", `values ('${number}', 1)`);
        const insert = second.query(
          `insert into talkme.outbox (numero_dest, id_campanha) values ('+55 ${number}', 1)`,
        );
        await expect(insert).rejects.toMatchObject({
          code: isolation === "read committed" ? "23514" : "40001",
        });
        await second.query("rollback");
      }
      expect(await outbox.ask("select count(*)::integer from talkme.outbox")).toBe(2);
    },
  );

  test("wait for the first to commit under repeatable read, and a retry in a new transaction succeeds", async () => {
    const outbox = await openWithCampaign({ duplicate_window: "interval '1 day'" });
    const [first, second] = [await producer(outbox), await producer(outbox)];
    for (const each of [first, second]) await each.query("begin isolation level repeatable read");
    await first.query(
      "insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1), ('11988887778', 1)",
    );
    const waits = second.query(
      "insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)",
    );
    const commitOnceItWaits = async (): Promise<void> => {
      const waiting =
        "select count(*)::integer from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and query like 'insert into talkme.outbox%'";
      await expect.poll(() => outbox.ask(waiting)).toBe(1);
      await first.query("commit");
    };
    await Promise.all([expect(waits).rejects.toMatchObject({ code: "40001" }), commitOnceItWaits()]);
    await second.query("rollback");
    expect(await outbox.insert("numero_dest, id_campanha", "values ('11988887779', 1)")).toHaveLength(1);
  });

  test.each([
    ["other variables", `values ('11988887777', 1, '{"nome": "Beltrana"}')`],
    ["another recipient", `values ('11988887778', 1, '{"nome": "Fulano"}')`],
    ["another campaign", `values ('11988887777', 2, '{"nome": "Fulano"}')`],
  ])("are not %s", async (_what, values) => {
    const outbox = await openWithRow({ duplicate_window: "interval '1 day'" });

    expect(await outbox.insert(toFulano, values)).toHaveLength(1);
  });

  test("are accepted after the window, or if the first was not sent", async () => {
    const outbox = await openWithRow({ duplicate_window: "interval '1 day'" });
    await outbox.ask("update talkme.outbox set created_at = now() - interval '25 hours'");
    expect(await outbox.insert(toFulano, again)).toHaveLength(1);
    await outbox.ask("update talkme.outbox set status = 'cancelled', finished_at = now()");
    expect(await outbox.insert(toFulano, again)).toHaveLength(1);
  });

  test("are held where the campaign says so, and released by its resume", async () => {
    const outbox = await openWithRow({ duplicate_window: "interval '1 day'", on_duplicate: "'hold'" });
    await outbox.register("a");
    const [id = ""] = await outbox.insert(toFulano, again);

    expect(await outbox.row(id)).toMatchObject({ status: "pending", error_code: "held_duplicate" });
    expect(await outbox.claim("a")).toHaveLength(1);
    await outbox.ask("select talkme.resume('campaign:1')");
    expect((await outbox.claim("a")).map((row) => row.id)).toEqual([id]);
  });
});

describe("an insert of more rows than a campaign's burst limit", () => {
  test("is held as a whole, except for rows of other campaigns", async () => {
    const outbox = await openWithCampaign({ burst_limit: "2" });
    await outbox.insert(
      "numero_dest, id_campanha",
      "values ('11988887771', 1), ('11988887772', 1), ('11988887773', 1), ('11988887774', 2)",
    );

    expect(
      await outbox.ask(
        "select array_agg(id_campanha::int order by id) from talkme.outbox where error_code = 'held_burst'",
      ),
    ).toEqual([1, 1, 1]);
    expect(await outbox.ask("select max(error) from talkme.outbox")).toBe(
      "It is held because it came with 2 others to the campaign in one insert. talkme.resume('campaign:1') lets them go, talkme.cancel drops it.",
    );
  });

  test("is held only above the limit", async () => {
    const outbox = await openWithCampaign({ burst_limit: "2" });
    await outbox.insertDue(2);

    expect(await outbox.ask("select count(*) from talkme.outbox where error_code is not null")).toBe("0");
  });
});

test("a guarded campaign takes as many rows in one insert as any other", async () => {
  const outbox = await openWithCampaign({ duplicate_window: "interval '1 day'" });
  await outbox.insert(
    "numero_dest, id_campanha",
    "select '119' || (70000000 + i), 1 from generate_series(1, 20000) as i",
  );

  expect(await outbox.ask("select count(*)::integer from talkme.outbox")).toBe(20_000);
});

test.each(["recipient_gap", "retention", "delete_after", "duplicate_window"])(
  "a %s beyond the range of timestamps is refused, so that it cannot fail every claim",
  async (column) => {
    await expect(openWithCampaign({ [column]: "interval '300000 years'" })).rejects.toMatchObject({
      code: "23514",
    });
  },
);
