import { expect, test } from "vitest";

import { HeldApi } from "./support/held-api.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

const person = "11988887777";
const stranger = "11933332222";
const patience = { timeout: 60_000 };

/** What somebody may write over a row, making it stand for another message. */
const edits: readonly string[] = [
  "id = default",
  "fence = fence + 1",
  "claim = claim + 1",
  "claim = null",
  "claimed_by = 'somebody'",
  "claimed_at = claimed_at - interval '1 hour'",
  `numero_dest = '${stranger}'`,
  "email_dest = 'somebody@example.com'",
  "account = 'another'",
  "id_campanha = 2",
  "id_wpp = 2",
  "txtmsg = 'another'",
  `info_contato = '{"nome":"another"}'`,
  "status = 'pending'",
  "status = 'pending', claimed_by = null, claimed_at = null",
  "status = 'failed', finished_at = now()",
  "status = 'sent', finished_at = now()",
  "status = 'cancelled', finished_at = now()",
];

async function open(): Promise<{ readonly stage: Stage; readonly api: HeldApi }> {
  return { stage: await Stage.open(), api: await HeldApi.open() };
}

function numberOf(i: number): string {
  return `119${String(80_000_000 + i)}`;
}

/** A campaign known to work may have a row on the wire in every slot. */
async function warmUp(stage: Stage, api: HeldApi): Promise<void> {
  const id = await stage.insert(person);
  await api.holds(person);
  api.accept(person);
  await stage.reaches(id, "sent");
}

/** Takes longer than the daemon needs to look for rows that no instance knows of. */
async function afterTheNextReclaim(stage: Stage, api: HeldApi): Promise<void> {
  const later = await stage.insert(stranger, "send_at", "now() + interval '11 seconds'");
  await api.holds(stranger);
  api.accept(stranger);
  await stage.reaches(later, "sent");
}

test("an edit of a row on the wire is refused by name, with a remedy", async () => {
  const { stage, api } = await open();
  Syncd.run(stage.databaseUrl, api.url);
  const id = await stage.insert(person);
  await api.holds(person);

  for (const edit of edits) {
    const refused = stage.sql(`update talkme.outbox set ${edit} where id = ${id}`);
    await expect.soft(refused, edit).rejects.toMatchObject({
      code: "23514",
      message: expect.stringContaining(`row ${id}`),
      hint: expect.stringMatching(/answer|talkme\.\w+/),
    });
  }
  api.accept(person);

  expect(await stage.reaches(id, "sent")).toMatchObject({ numero_dest: person, id_campanha: "1" });
  expect(api.numbers).toEqual([person]);
});

test("only talkme.resolve makes an unknown row pending; nothing does so to a sent one", async () => {
  const { stage, api } = await open();
  Syncd.run(stage.databaseUrl, api.url, { TALKME_REQUEST_TIMEOUT_MS: "500" });
  const unknown = await stage.insert(person);
  await stage.reaches(unknown, "unknown");
  const sent = await stage.insert(stranger);
  await api.holds(stranger);
  api.accept(stranger);
  await stage.reaches(sent, "sent");

  for (const [id, edit] of [
    [unknown, "status = 'pending'"],
    [unknown, `numero_dest = '${stranger}'`],
    [sent, "status = 'pending', finished_at = null"],
    [sent, `numero_dest = '${person}'`],
  ] as const) {
    const refused = stage.sql(`update talkme.outbox set ${edit} where id = ${id}`);
    await expect.soft(refused, edit).rejects.toMatchObject({ code: "23514" });
  }
  await stage.sql(`select talkme.resolve(${unknown}, 'failed')`);
  await stage.reaches(unknown, "failed");
});

test(
  "editing rows on the wire with the schema's triggers off resends nothing, and marks only people who were messaged",
  { timeout: 120_000 },
  async () => {
    const { stage, api } = await open();
    const syncd = Syncd.run(stage.databaseUrl, api.url, { TALKME_CONCURRENCY: String(edits.length) });
    await warmUp(stage, api);
    await stage.sql(
      `insert into talkme.outbox (numero_dest, id_campanha) select '119' || (80000000 + i), 1 from generate_series(0, ${edits.length - 1}) as i`,
    );
    const numbers = edits.map((_, i) => numberOf(i));
    await api.holds(...numbers);

    await stage.sql("alter table talkme.outbox disable trigger user");
    for (const [i, edit] of edits.entries()) {
      await stage.sql(`update talkme.outbox set ${edit} where numero_dest = '${numberOf(i)}'`);
    }
    await stage.sql(`
    alter table talkme.outbox enable trigger user, enable always trigger zzz_verify_outbox,
      enable replica trigger verify_outbox_copy`);
    numbers.forEach((number) => api.accept(number));

    await afterTheNextReclaim(stage, api);
    await expect.poll(() => stage.count("status = 'sending'"), patience).toBe(0);
    expect(api.numbers.toSorted()).toEqual([person, ...numbers, stranger].toSorted());
    // Only people who were messaged are marked so: the two who warmed up and waited, and the row edited to match.
    expect(await stage.count(`numero_dest = '${stranger}' and status = 'sent'`)).toBe(1);
    expect(await stage.count("error_code = 'row_changed'")).toBeGreaterThan(0);
    expect(syncd.log.filter(({ status }) => status === "pending")).toEqual([]);
  },
);

test.each(["accept", "refuse"] as const)(
  "an answer from before a truncate settles no new row with the same number (the old one: %s)",
  async (answer) => {
    const { stage, api } = await open();
    const syncd = Syncd.run(stage.databaseUrl, api.url);
    await warmUp(stage, api);
    await stage.sql("truncate talkme.outbox restart identity");
    expect(await stage.insert(person)).toBe("1");
    await api.holds(person);

    await stage.sql("truncate talkme.outbox restart identity");
    expect(await stage.insert(stranger)).toBe("1");
    await api.holds(stranger);
    api[answer](person);
    await syncd.logged(
      answer === "accept" ? "accepted messages have no row any more" : "late answers matched no row",
    );
    expect(await stage.row("1")).toMatchObject({ status: "sending", numero_dest: stranger });

    if (answer === "accept") api.refuse(stranger);
    else api.accept(stranger);
    await stage.reaches("1", answer === "accept" ? "failed" : "sent");
    expect(api.numbers).toEqual([person, person, stranger]);
    // Every request has a trace, although two were made for a row 1 and its first claim.
    expect(
      await stage.sql(
        "select outcome, count(*)::integer from talkme.attempt group by outcome order by outcome",
      ),
    ).toEqual([
      { outcome: "accepted", count: 2 },
      { outcome: "rejected", count: 1 },
    ]);
  },
);

test(
  "rows that a restore beside the running daemon returns to sending become unknown, and are not sent again",
  { timeout: 120_000 },
  async () => {
    const { stage, api } = await open();
    const syncd = Syncd.run(stage.databaseUrl, api.url);
    await warmUp(stage, api);
    const numbers = [0, 1, 2, 3].map(numberOf);
    await stage.sql(
      "insert into talkme.outbox (numero_dest, id_campanha) select '119' || (80000000 + i), 1 from generate_series(0, 3) as i",
    );
    await api.holds(...numbers);
    await stage.sql("create table backup as select * from talkme.outbox where status = 'sending'");
    numbers.forEach((number) => api.accept(number));
    await expect.poll(() => stage.count("status = 'sent'"), patience).toBe(5);

    const columns = await stage.sql(
      "select string_agg(attname, ', ') as list from pg_attribute where attrelid = 'talkme.outbox'::regclass and attnum > 0 and attgenerated = '' and not attisdropped",
    );
    const list = String(columns[0]?.["list"]);
    await stage.sql(`
    begin;
    set local session_replication_role = replica;
    delete from talkme.outbox where id in (select id from backup);
    insert into talkme.outbox (${list}) overriding system value select ${list} from backup;
    commit`);

    await expect
      .poll(() => stage.count("status = 'unknown' and error_code = 'answer_forgotten'"), patience)
      .toBe(4);
    expect(api.numbers).toEqual([person, ...numbers]);
    expect(
      await syncd.logged(
        "these rows were sending, although their answers have been written: they are unknown",
      ),
    ).toMatchObject({ count: 4 });
  },
);
