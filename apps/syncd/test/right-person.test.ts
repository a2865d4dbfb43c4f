import { expect, test } from "vitest";

import { configFile } from "./support/config-file.ts";
import { Stage } from "./support/stage.ts";
import { insertUnchecked } from "./support/unchecked-rows.ts";

function to(numero: string, email = "null"): Record<string, string> {
  return { numero_dest: `'${numero}'`, email_dest: email, id_campanha: "1" };
}

test("a row whose recipient the database and the client read differently fails before any request", async () => {
  const stage = await Stage.open();
  await stage.sql("select talkme.suppress('+1 415 555 2671', 'asked for it')");
  // As if the schema's numbering plans were older than the client's.
  await stage.sql(`
    create or replace function talkme.foreign_key(digits text) returns text language sql immutable return '1' || digits`);
  await stage.run().logged("sending");
  const differs = await stage.insert("+1 415 555 2671");
  const same = await stage.insert("11988887777", "email_dest", "'Fulano@Example.com'");

  expect(await stage.reaches(differs, "failed")).toMatchObject({
    error_code: "recipient_mismatch",
    attempts: 0,
    error: expect.not.stringContaining("415"),
  });
  await stage.reaches(same, "sent");
  expect(stage.simulator.requests).toBe(1);
});

test("a foreign number with the digits of a Brazilian one is sent only where all numbers carry country codes", async () => {
  const stage = await Stage.open();
  const national = stage.run();
  await national.logged("sending");
  const first = await stage.insert("+51 912 345 678");
  expect(await stage.reaches(first, "failed")).toMatchObject({ error_code: "ambiguous_phone", attempts: 0 });
  expect(stage.simulator.requests).toBe(0);
  national.signal("SIGTERM");
  await national.exit();

  await stage.run({ TALKME_CONFIG: configFile("api: { phone_format: e164-digits }") }).logged("sending");
  const second = await stage.insert("+51 912 345 678");
  const brazilian = await stage.insert("51912345678");
  await stage.reaches(second, "sent");
  await stage.reaches(brazilian, "sent");
  const numbers = stage.simulator.ledger.entries().map(({ numeroDest }) => numeroDest);
  expect(new Set(numbers)).toEqual(new Set(["51912345678", "5551912345678"]));
});

test("rows that bypass every trigger reach no suppressed person and no stranger", async () => {
  const stage = await Stage.open();
  await stage.sql(
    "select talkme.suppress('11988887777', 'asked'), talkme.suppress('fulano@example.com', 'asked')",
  );
  const ids = await insertUnchecked(stage.databaseUrl, [
    to("+55 (0)11 8888-7777"),
    to("11988887778", "' Fulano@EXAMPLE.com'"),
    to("1198887777.0"),
    to("1,198888E+10"),
    to("11988887779", "'fulano@example.com, b@example.com'"),
    to("00351912345678"),
  ]);
  await stage.run().logged("sending");

  await stage.reaches(ids[5] ?? "", "sent");
  await expect.poll(() => stage.count("status in ('pending', 'sending')")).toBe(0);
  const codes = await stage.sql("select error_code from talkme.outbox order by id");
  expect(codes.map((row) => row["error_code"])).toEqual([
    "suppressed",
    "suppressed",
    "invalid_phone",
    "invalid_phone",
    "invalid_email",
    null,
  ]);
  expect(stage.simulator.ledger.entries().map(({ numeroDest }) => numeroDest)).toEqual(["351912345678"]);
});

test.each(["aaa", "zzzz"])(
  "a customer's trigger %s_redirect that changes the recipient at the claim reaches nobody",
  async (name) => {
    const stage = await Stage.open();
    await stage.sql(
      "select talkme.suppress('11977776666', 'asked'), talkme.suppress('no@example.com', 'asked')",
    );
    await stage.sql(`
      create function public.redirect() returns trigger language plpgsql as $$
      begin
        if new.status = 'sending' then
          new.numero_dest := '11977776666';
          new.email_dest := case new.id_wpp when 2 then 'no@example.com' end;
        end if;
        return new;
      end $$;
      create trigger ${name}_redirect before update on talkme.outbox for each row
      when (new.id_wpp is not null) execute function public.redirect()`);
    const number = await stage.insert("11988887777", "id_wpp", "1");
    const both = await stage.insert("11977776665", "id_wpp, email_dest", "2, 'yes@example.com'");
    const other = await stage.insert("11988887778");
    await stage.run().logged("sending");
    for (const id of [number, both])
      expect(await stage.reaches(id, "failed")).toMatchObject({ error_code: "row_unclaimable" });
    await stage.reaches(other, "sent");
    expect(stage.simulator.ledger.entries().map(({ numeroDest }) => numeroDest)).toEqual(["11988887778"]);
  },
);
