import { normalizePhone } from "@talkme/core";
import { sql } from "kysely";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { settleAndClaim } from "../src/daemon.ts";
import { settlementOf, TestOutbox, wishFor } from "./support/outbox.ts";

async function open(): Promise<TestOutbox> {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  return outbox;
}

/** Runs in one transaction with as many triggers off as possible, like logical replication or a restore. */
async function pastTriggers(outbox: TestOutbox, statement: string): Promise<void> {
  const client = new Client({ connectionString: outbox.url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("begin");
  await client.query("set local session_replication_role = replica");
  await client.query(statement);
  await client.query("commit");
}

/** Each is one person in several spellings. */
const people = [
  ["+44 20 7946 0958", "+44 (0)20 7946 0958", "0044 20 7946 0958", "+44.20.7946.0958"],
  ["+49 30 901820", "+49 (0)30 901820", "0049 30 901820"],
  ["+54 9 11 2345-6789", "+54 11 15 2345-6789", "+54 0 11 15 2345 6789"],
  ["+1 415 555 2671", "+1 1 415 555 2671", "0014155552671", "+1 (415) 555-2671"],
  ["+351 912 345 678", "00351912345678"],
  [
    "11988887777",
    "+55 (0)11 98888-7777",
    "005511988887777",
    "1188887777",
    "0 15 11 98888 7777",
    "+55 011 8888.7777",
  ],
] as const;

describe("a person who was suppressed by number", () => {
  test.each(people)("gets nothing in any spelling: %s", async (first, ...others) => {
    const outbox = await open();
    const spellings = [first, ...others];
    for (const suppressed of spellings) {
      const before = await outbox.insert("numero_dest, id_campanha", `values ('${first}', 1)`);
      await outbox.ask(`select talkme.suppress('${suppressed}', 'asked for it')`);
      const values = spellings.map((spelling) => `('${spelling}', 1)`).join(", ");
      const after = await outbox.insert("numero_dest, id_campanha", `values ${values}`);
      expect(await outbox.claim("a", { limit: 50 })).toEqual([]);
      for (const id of [...before, ...after])
        expect(await outbox.row(id)).toMatchObject({ status: "cancelled", error_code: "suppressed" });
      expect(await outbox.ask(`select talkme.unsuppress('${first}')`)).toContain("may be written to again");
    }
    expect(await outbox.ask(`select talkme.forget('${others[0]}')`)).not.toContain("Nothing is kept");
    expect(
      await outbox.ask("select count(*)::integer from talkme.outbox where numero_dest is not null"),
    ).toBe(0);
  });
});

describe("a person who was suppressed by address", () => {
  test.each(["fulano@example.com", " Fulano@EXAMPLE.com "])(
    "gets nothing, even if a row has a number too: %j",
    async (address) => {
      const outbox = await open();
      const columns = "numero_dest, email_dest, id_campanha";
      const [before = ""] = await outbox.insert(columns, "values ('11988887777', 'Fulano@Example.com', 1)");
      expect(await outbox.ask(`select talkme.suppress('${address}', 'asked')`)).toContain(
        "1 waiting row was",
      );
      const [after = "", other = ""] = await outbox.insert(
        columns,
        "values ('11988887777', 'fulano@example.COM', 1), ('11988887777', 'beltrana@example.com', 1)",
      );

      for (const restricted of [false, true]) {
        const { claimed } = await settleAndClaim(outbox.daemon, "a", [], [wishFor({ restricted, scan: 5 })]);
        expect(claimed.map(({ id }) => id)).toEqual(restricted ? [] : [other]);
      }
      for (const id of [before, after])
        expect(await outbox.row(id)).toMatchObject({ status: "cancelled", error_code: "suppressed" });
      await expect(outbox.ask(`select talkme.retry(${after})`)).rejects.toThrow("is suppressed");
    },
  );

  test("gets nothing from a campaign with a recipient gap either", async () => {
    const outbox = await open();
    await outbox.ask("select talkme.suppress('a@b.com', 'asked')");
    const [id = ""] = await outbox.insert(
      "numero_dest, email_dest, id_campanha",
      "values ('11988887777', 'A@b.com', 1)",
    );
    const { passed } = await settleAndClaim(outbox.daemon, "a", [], [wishFor({ restricted: true, scan: 5 })]);
    expect(passed).toMatchObject([{ id, code: "suppressed" }]);
  });
});

describe("rows that bypass every trigger", () => {
  const copied = "insert into talkme.outbox (numero_dest, email_dest, id_campanha)";

  test("are cancelled for suppressed people; others are claimed with their recipient", async () => {
    const outbox = await open();
    await outbox.ask("select talkme.suppress('11988887777', 'asked'), talkme.suppress('a@b.com', 'asked')");
    await pastTriggers(
      outbox,
      `${copied} values ('+55 11 8888-7777', null, 1), ('11988887778', 'A@B.com', 1), ('+1 415 555 2671', 'c@d.com', 1)`,
    );
    const claimed = await outbox.claim("a");
    expect(claimed.map(({ id, recipient }) => [id, recipient])).toEqual([["3", "14155552671 c@d.com"]]);
    expect(
      await outbox.ask("select count(*)::integer from talkme.outbox where error_code = 'suppressed'"),
    ).toBe(2);
  });

  test("are also cancelled if the number was changed past the triggers", async () => {
    const outbox = await open();
    await outbox.ask("select talkme.suppress('11988887777', 'asked')");
    const [id = ""] = await outbox.insert("numero_dest, id_campanha", "values ('11988887778', 1)");
    await outbox.ask("alter table talkme.outbox disable trigger user");
    await outbox.ask(`update talkme.outbox set numero_dest = '011 98888-7777' where id = ${id}`);
    expect(await outbox.claim("a")).toEqual([]);
    expect(await outbox.row(id)).toMatchObject({ error_code: "suppressed" });
  });

  test("are found by suppress and forget, which erases them without any trigger", async () => {
    const outbox = await open();
    await outbox.ask("alter table talkme.outbox disable trigger user");
    await outbox.insert(
      "numero_dest, email_dest, id_campanha, info_contato, metadata, dedupe_key",
      `select '+55 (11) 98888-7777', 'fulano@b.com', 1, '{"nome":"Fulano"}', '"Fulano"', 'Fulano ' || i from generate_series(1, 2) as i`,
    );
    expect(await outbox.ask("select talkme.suppress('1188887777', 'asked')")).toContain("2 waiting rows");
    expect(await outbox.ask("select talkme.forget('11988887777')")).toContain("2 that had ended are blanked");
    const rest = JSON.stringify(await outbox.ask("select json_agg(o) from talkme.outbox as o"));
    expect(rest).not.toMatch(/8888|fulano/i);
    expect(await outbox.ask("select talkme.forget('11988887777')")).toContain("2 had been blanked before");
  });
});

test("nobody can write the recipient, so it is always the row's own", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insertDue(1);
  await expect(outbox.ask("update talkme.outbox set recipient = 'x'")).rejects.toMatchObject({
    code: "428C9",
  });
});

describe("text that is not an address or number cannot be suppressed", () => {
  test.each([
    "20988887777",
    "1198887777.0",
    "351912345678",
    "+54 9 11 15 2345 6789",
    "+52 1 55 1234 5678",
    "0",
    "+",
    "12345678",
    "a@b.com, c@d.com",
    '"X" <a@b.com>',
    "a@b.com.",
    "josé@b.com",
    "@",
    " ",
    "11988887777 ramal 2",
    "1,19888E+10",
  ])("%s", async (written) => {
    const outbox = await TestOutbox.open();
    for (const call of ["suppress($1, 'asked')", "unsuppress($1)"]) {
      const asked = sql`select ${sql.raw(`talkme.${call.replace("$1", `'${written}'`)}`)}`.execute(outbox.db);
      await expect(asked).rejects.toMatchObject({
        code: "22023",
        hint: expect.stringContaining("DDD and number"),
      });
    }
    expect(normalizePhone(written).ok).toBe(false);
  });

  test.each(["suppress(null, 'asked')", "unsuppress(null)", "forget(null)", "suppress('11988887777', null)"])(
    "nothing at all: %s",
    async (call) => {
      const outbox = await TestOutbox.open();
      await expect(outbox.ask(`select talkme.${call}`)).rejects.toMatchObject({ code: "22023" });
    },
  );
});

test("any number or address that bypasses the triggers, however long or odd, gets a key and is stored", async () => {
  const outbox = await open();
  for (const odd of [
    "repeat('9', 100000)",
    "repeat('é', 50000)",
    "repeat('@', 9000)",
    "E'\\n'",
    "repeat('+', 50)",
  ])
    await pastTriggers(
      outbox,
      `insert into talkme.outbox (numero_dest, email_dest, id_campanha) values (${odd}, null, 1), (null, ${odd}, 1)`,
    );
  expect(await outbox.ask("select max(length(recipient)) <= 255 from talkme.outbox")).toBe(true);
  expect(await outbox.ask("select count(*)::integer from talkme.outbox")).toBe(10);
});

test("a hand-written suppression holds in any spelling, and an invalid recipient is refused", async () => {
  const outbox = await open();
  const write = async (recipient: string): Promise<unknown> =>
    outbox.ask(`insert into talkme.suppression (recipient, reason) values ('${recipient}', 'asked')`);
  for (const written of ["(11) 98888-7777", "Fulano@B.com", "+351 912 345 678", "51912345678"])
    await write(written);
  await outbox.insert(
    "numero_dest, email_dest, id_campanha",
    `values ('1188887777', null, 1), (null, 'fulano@b.com', 1), ('00351912345678', null, 1), ('+51 912 345 678', null, 1)`,
  );
  expect(await outbox.claim("a")).toEqual([]);
  expect(
    await outbox.ask("select count(*)::integer from talkme.outbox where error_code = 'suppressed'"),
  ).toBe(4);
  for (const nobody of ["10988887777", "1198887777.0", "a@b, c@d", "ligue"])
    await expect(write(nobody)).rejects.toMatchObject({ code: "22023" });
});

test("a suppression that is replicated, or loaded with triggers off, holds or is refused", async () => {
  const outbox = await open();
  const load = "insert into talkme.suppression (recipient, reason) values";
  await pastTriggers(outbox, `${load} ('(11) 98888-7777', 'asked'), ('Fulano@B.com', 'asked')`);
  await outbox.insert(
    "numero_dest, email_dest, id_campanha",
    "values ('1188887777', null, 1), (null, 'fulano@b.com', 1)",
  );
  expect(await outbox.claim("a")).toEqual([]);

  await outbox.ask("alter table talkme.suppression disable trigger user");
  for (const unreadable of ["(11) 98888-7778", "Fulano@C.com", "?11", "ligue"])
    await expect(outbox.ask(`${load} ('${unreadable}', 'asked')`)).rejects.toMatchObject({
      constraint: "suppression_recipient_key",
    });
  await outbox.ask(
    `${load} ('5511988887778', 'asked'), ('351912345678', 'asked'), ('fulano@c.com', 'asked')`,
  );
});

/** Calls it with the number and with the address of each of `public.people`. */
function forBoth(call: string): string {
  return `select talkme.${call.replace("who", "phone")}, talkme.${call.replace("who", "mail")} from public.people`;
}

test("suppress, unsuppress and forget read a number or address in any collation", async () => {
  const outbox = await open();
  await outbox.ask(
    "create collation public.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
  );
  await outbox.ask(
    `create table public.people (phone text collate public.any_case, mail text collate "tr-x-icu")`,
  );
  await outbox.ask("insert into public.people values ('(11) 98888-7777', 'FULANO.I@B.com')");
  await outbox.ask(forBoth("suppress(who, 'asked')"));
  expect(await outbox.ask("select array_agg(recipient order by recipient) from talkme.suppression")).toEqual([
    "5511988887777",
    "fulano.i@b.com",
  ]);
  await outbox.ask(forBoth("forget(who, 'asked')"));
  await outbox.ask(forBoth("unsuppress(who)"));
  expect(await outbox.ask("select count(*)::integer from talkme.suppression")).toBe(0);
  expect(
    await outbox.ask(
      `select talkme.number_key(phone) || ' ' || talkme.recipient_of(phone, mail) || ' ' || talkme.address_key(mail) from public.people`,
    ),
  ).toBe("5511988887777 5511988887777 fulano.i@b.com fulano.i@b.com");
});

test("a row in doubt or sent keeps its recipient, whatever the last of all triggers writes", async () => {
  const outbox = await open();
  await outbox.ask(`
    create function public.last() returns trigger language plpgsql as $$
    begin new.numero_dest := '11977776666'; return new; end $$`);
  await outbox.insertDue(1);
  const [row] = await outbox.claim("a");
  if (row === undefined) throw new Error("Nothing was claimed.");
  await outbox.ask(
    "create trigger zzzz_last before update on talkme.outbox for each row execute function public.last()",
  );
  for (const status of ["sent", "unknown"] as const)
    await expect(outbox.settle([settlementOf(row, "a", { status })])).rejects.toMatchObject({
      constraint: "outbox_recipient_at_claim",
    });
  expect(await outbox.row(row.id)).toMatchObject({ status: "sending", numero_dest: "11988887777" });
});

test("suppress says how many rows it could not cancel, because they may be being claimed", async () => {
  const outbox = await open();
  await outbox.insertDue(3);
  const claiming = new Client({ connectionString: outbox.url });
  await claiming.connect();
  onTestFinished(() => claiming.end());
  await claiming.query("begin; select from talkme.outbox where id = 1 for update");
  const said = await outbox.ask("select talkme.suppress('11988887777', 'asked')");
  expect(said).toContain("2 waiting rows were cancelled; 1 could not be changed");
  await claiming.query("commit");
  expect(await outbox.claim("a")).toEqual([]);
  expect(await outbox.row("1")).toMatchObject({ status: "cancelled", error_code: "suppressed" });
});
