import { memberUrl } from "@talkme/test-postgres";
import * as fc from "fast-check";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { stagedArguments, stageMessages } from "./support/staged-messages.ts";
import { writtenMessage } from "./support/written-messages.ts";

describe("talkme.say", () => {
  test.each([
    ["en", "Row 3 of this statement."],
    ["pt-BR", "Linha 3 deste comando."],
  ])("leaves out a part in brackets whose parameter is null, in %s", async (language, said) => {
    const outbox = await TestOutbox.open();
    const about = `jsonb_build_object('number', 3, 'message', null, 'dedupe_key', null)`;
    expect(await outbox.ask(`select talkme.say('which.of_set', ${about}, '${language}')`)).toBe(said);
  });

  test("takes nothing in a value for a placeholder or a bracket", async () => {
    const outbox = await TestOutbox.open();
    const about = `jsonb_build_object('id_campanha', '{name}[x]', 'name', '{id_campanha}')`;
    expect(await outbox.ask(`select talkme.say('outbox_campaign_active', ${about})`)).toBe(
      "campaign {name}[x] ({id_campanha}) is not active",
    );
  });

  test("writes times, numbers, spans and plurals as the language does", async () => {
    const outbox = await TestOutbox.open();
    const about = `'{"at": "2026-12-01T15:04:05.6-03:00", "never": "infinity", "n": 1234567.50, "few": 9999, "gap": "1 mon 2 days 01:30:00", "none": 0, "one": 1, "two": 2}'`;
    const forms = [
      "at:time",
      "never:time",
      "n:number",
      "few:number",
      "gap:span",
      "none|row|rows",
      "one|row|rows",
      "two|row|rows",
    ];
    const said = async (language: string): Promise<unknown> =>
      outbox.ask(
        `select array(select talkme.say_parameter(f, ${about}, '${language}') from unnest('{${forms.join(",")}}'::text[]) as f)`,
      );
    expect(await said("en")).toEqual([
      "2026-12-01 18:04:05+00",
      "infinity",
      "1,234,567.5",
      "9999",
      "1 mon 2 days 01:30:00",
      "rows",
      "row",
      "rows",
    ]);
    expect(await said("pt-BR")).toEqual([
      "01/12/2026 18:04:05 +00",
      "infinity",
      "1.234.567,5",
      "9999",
      "1 mês 2 dias 01:30:00",
      "row",
      "row",
      "rows",
    ]);
  });
});

test("every refusal of 3,000 messages is said in Portuguese, whole, and with the same codes", async () => {
  const outbox = await TestOutbox.open();
  await stageMessages(outbox, fc.sample(writtenMessage, { numRuns: 3000, seed: 17 }));
  const said = async (language: string): Promise<readonly { code: string; message: string }[]> => {
    await outbox.ask(
      `alter database "${new URL(outbox.url).pathname.slice(1)}" set talkme.language = '${language}'`,
    );
    const client = await openSession(outbox.url);
    const { rows } = await client.query<{ code: string; message: string }>(
      `select p.code, p.message from staging as s cross join lateral talkme.problems(${stagedArguments}) as p order by s.place, p.code, p.field`,
    );
    return rows;
  };
  const english = await said("en");
  const portuguese = await said("pt-BR");
  expect(portuguese.map(({ code }) => code)).toEqual(english.map(({ code }) => code));
  expect(new Set(english.map(({ code }) => code)).size).toBeGreaterThan(20);
  const faults = portuguese.filter(
    ({ message }, i) =>
      message === english[i]?.message || /[{}[\]]/.test(message.replaceAll(/\{"nome".*?\}/g, "")),
  );
  expect(faults).toEqual([]);
});

test("a row is refused in the session's language, under the same SQLSTATE and constraint", async () => {
  const outbox = await TestOutbox.open();
  const client = await openSession(outbox.url);
  await client.query("set talkme.language = 'pt-BR'");
  const insert = client.query(
    "insert into talkme.outbox (numero_dest, id_campanha, dedupe_key) values ('20988887777', 1, 'pedido 7')",
  );
  await expect(insert).rejects.toMatchObject({
    code: "23514",
    constraint: "outbox_numero_dest_ddd",
    message: "numero_dest começa com o DDD 20, que não existe",
    detail: "Linha 1 deste comando, com a dedupe_key 'pedido 7'.",
    hint: "Corrija o DDD; número de outro país começa com + e o código do país.",
  });
  await expect(client.query("select talkme.cancel(7)")).rejects.toMatchObject({
    code: "P0002",
    constraint: "outbox_row_exists",
    message: "não existe a linha 7",
  });
});

describe("talkme.language", () => {
  test.each(["pt-BR", "pt", "PT_br", "pt_BR.UTF-8", "pt-BR@x"])(
    "takes %s for Portuguese",
    async (written) => {
      const outbox = await TestOutbox.open();
      expect(await outbox.ask(`select talkme.language('${written}')`)).toBe("pt-BR");
    },
  );

  test.each(["en", "", "C", "es", "ptx", "en_PT"])("takes '%s' for English", async (written) => {
    const outbox = await TestOutbox.open();
    expect(await outbox.ask(`select talkme.language('${written}')`)).toBe("en");
  });

  test("is the session's, or else the role's, or else the database's", async () => {
    const outbox = await TestOutbox.open();
    const url = await memberUrl(outbox.url, "talkme_producer");
    const [database, role] = [new URL(url).pathname.slice(1), new URL(url).username];
    await outbox.ask(`alter database "${database}" set talkme.language = 'pt-BR'`);
    expect((await sessionOf(url)).language).toBe("pt-BR");
    await outbox.ask(`alter role "${role}" in database "${database}" set talkme.language = 'en'`);
    expect((await sessionOf(url)).language).toBe("en");
    expect((await sessionOf(url, ["set talkme.language = 'pt_BR'"])).language).toBe("pt-BR");
  });

  test("of syncd's sessions is English whatever the database says, for its log lines are", async () => {
    const outbox = await TestOutbox.open();
    await outbox.ask(
      `alter database "${new URL(outbox.url).pathname.slice(1)}" set talkme.language = 'pt-BR'`,
    );
    expect((await sessionOf(outbox.url, ["set application_name = 'syncd'"])).language).toBe("en");
    expect((await sessionOf(outbox.url, ["set application_name = 'psql'"])).language).toBe("pt-BR");
  });
});

/** A new session's language, after some statements. */
async function sessionOf(
  url: string,
  statements: readonly string[] = [],
): Promise<{ readonly language: unknown }> {
  const client = await openSession(url);
  for (const statement of statements) await client.query(statement);
  const { rows } = await client.query<{ language: string }>("select talkme.language()");
  return { language: rows[0]?.language };
}

async function openSession(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
