import { expect, test } from "vitest";

import { environmentFor, environmentOf, Syncd } from "./support/syncd.ts";
import { Stage } from "./support/stage.ts";

const number = "11987654321";
const name = "Fulano de Tal";
const traces = [number, name, "98765", "fulano@example.com"];

function tracesIn(...texts: readonly string[]): readonly string[] {
  return traces.filter((trace) => texts.some((text) => text.includes(trace)));
}

/** Refuses every statement of that kind on that table with a text containing a person's number and name. */
async function refuse(stage: Stage, table: string, when: string, sqlState: string): Promise<void> {
  const said = `${name} (+55 ${number}, fulano@example.com) nao pode`;
  await stage.sql(`
    create function public.customers_own() returns trigger language plpgsql as $$
    begin
      raise exception using errcode = '${sqlState}', message = '${said}', detail = '${said}', hint = '${said}',
        constraint = '${name}', table = '${said}';
    end $$;
    create trigger customers_own before ${when} on ${table} for each row execute function public.customers_own()`);
}

async function probe(syncd: Syncd): Promise<string> {
  const base = await syncd.http();
  const texts = await Promise.all(
    ["/readyz", "/readyz?verbose", "/livez", "/metrics"].map(async (path) =>
      (await fetch(`${base}${path}`)).text(),
    ),
  );
  return texts.join("\n");
}

test.each(["P0001", "57P03", "42501", "XX000"])(
  "logs and probes show a customer trigger's code %s, not its text",
  async (sqlState) => {
    const stage = await Stage.open();
    const syncd = stage.run();
    await syncd.logged("sending");
    await refuse(stage, "talkme.instance", "update", sqlState);
    // It becomes ready between two failing heartbeats.
    let shown = "";
    await expect
      .poll(async () => {
        shown = await probe(syncd);
        return shown;
      })
      .toContain(sqlState);
    expect(shown).toContain("unavailable");
    expect(tracesIn(shown, syncd.output, syncd.errors)).toEqual([]);
  },
);

test("the text of a trigger that refuses a row's states is hidden; the row names the refusal, without digits", async () => {
  const stage = await Stage.open();
  await refuse(stage, "talkme.outbox", "update of status", "P0001");
  await stage.sql("alter table talkme.outbox disable trigger customers_own");
  const id = await stage.insert(number);
  await stage.sql(`
    drop trigger customers_own on talkme.outbox;
    create trigger customers_own before update of status on talkme.outbox for each row
      when (new.status = 'sending') execute function public.customers_own()`);
  const syncd = stage.run();
  const row = await stage.reaches(id, "failed");
  expect(row).toMatchObject({ error_code: "row_unclaimable" });
  expect(row["error"]).toContain("nao pode");
  expect(String(row["error"])).not.toMatch(/\d{5}|@/);
  await syncd.logged("a row that no claim can take has failed");
  expect(tracesIn(await probe(syncd), syncd.output, syncd.errors)).toEqual([]);
});

test("start-up does not show the text either", async () => {
  const stage = await Stage.open();
  await refuse(stage, "talkme.instance", "insert", "P0001");
  const starting = stage.run();
  await expect.poll(() => starting.output + starting.errors, { timeout: 60_000 }).toContain("P0001");
  expect(tracesIn(starting.output, starting.errors)).toEqual([]);
});

test("check, status and migrate do not show the text either", async () => {
  const stage = await Stage.open();
  await stage.sql("alter table talkme.migration rename to hidden");
  await stage.sql(`
    create function public.said() returns text language plpgsql as $$
    begin raise exception '${name} ${number}'; end $$;
    create view talkme.migration as select public.said()::varchar as name, public.said()::varchar as timestamp`);
  await stage.sql("grant select on talkme.migration to public");
  const environment = environmentOf("check", { TALKME_DATABASE_URL: stage.databaseUrl });
  const commands = await Promise.all(
    [["check"], ["status"], ["status", "--json"], ["migrate"]].map((args) =>
      Syncd.command(args, environment),
    ),
  );
  for (const { out, err } of commands) expect(out + err).toContain("P0001");
  expect(tracesIn(...commands.flatMap(({ out, err }) => [out, err]))).toEqual([]);
});

test("status shows no number or address that an answer echoes, in any form", async () => {
  const stage = await Stage.open();
  const echoes = [number, "+55 (11) 98765-4321", "11-98765-4321", "5511 98765 4321", "fulano@example.com"];
  for (const [i, echo] of echoes.entries()) {
    await stage.sql(`
      insert into talkme.outbox (numero_dest, id_campanha) values ('1198888777${i}', 1);
      update talkme.outbox set status = 'failed', finished_at = now(), error_code = 'code_${i}', error = 'numero ${echo} invalido'
      where numero_dest = '1198888777${i}'`);
  }
  await stage.sql(`select talkme.pause('campaign:9', 'ligar para ${number}')`);
  for (const args of [["status"], ["status", "--json"]]) {
    const { code, out } = await Syncd.command(args, { TALKME_DATABASE_URL: stage.databaseUrl });
    expect(code).toBe(0);
    expect(out).toContain("invalido");
    expect(out).toContain("ligar para");
    expect(out).not.toMatch(/98765|4321|@example/);
  }
});

test("a number that was written into the column account reaches no log, no probe and no check", async () => {
  const stage = await Stage.open();
  await stage.insert("11988887777", "account", `'${number}'`);
  const syncd = stage.run();
  expect(await syncd.logged("rows wait for accounts that are not configured here")).toMatchObject({
    accounts: ["[number]"],
  });
  const { out } = await Syncd.command(["check"], environmentFor(stage.databaseUrl, stage.simulator.url));
  expect(out).toContain("not configured here: [number]");
  expect(tracesIn(await probe(syncd), syncd.output, syncd.errors, out)).toEqual([]);
});
