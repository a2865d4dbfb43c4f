import { expect, test } from "vitest";

import { readiness } from "./support/own-server.ts";
import { Stage } from "./support/stage.ts";

const patience = { timeout: 40_000 };

/** A customer's BEFORE trigger, which sorts behind all of the schema's own. */
async function customersTrigger(stage: Stage, body: string, name = "watch_orders"): Promise<void> {
  await stage.sql(`
    create function public.${name}() returns trigger language plpgsql as $$ begin ${body} return new; end $$;
    create trigger ${name} before update on talkme.outbox for each row execute function public.${name}();
  `);
}

/** Longer than the daemon takes to look for rows that no instance knows of. */
async function afterTheNextReclaim(stage: Stage, from: string): Promise<void> {
  const later = await stage.insert("11977776666", "send_at, id_wpp", "now() + interval '12 seconds', 7");
  await stage.reaches(later, "sent");
  await stage.reaches(from, "unknown");
}

test(
  "an accepted row whose mark a trigger suppresses is sent once, becomes unknown, and the trigger is named",
  { timeout: 90_000 },
  async () => {
    const stage = await Stage.open();
    await customersTrigger(stage, "if new.status = 'sent' and new.id_wpp is null then return null; end if;");
    const syncd = stage.run();

    const id = await stage.insert("11988887777");

    const row = await stage.reaches(id, "unknown");
    expect(row).toMatchObject({
      error_code: "answer_refused",
      error: expect.stringContaining("watch_orders"),
    });
    await afterTheNextReclaim(stage, id);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
    expect(stage.simulator.requests).toBe(2);
    expect(await stage.sql(`select outcome from talkme.attempt where outbox_id = ${id}`)).toEqual([
      { outcome: "accepted" },
    ]);
    expect(
      (await syncd.logged("a trigger of talkme.outbox suppresses what is to be written"))["triggers"],
    ).toEqual(["watch_orders"]);
  },
);

test(
  "an accepted row that a trigger makes immutable is sent once, holds up no other and is reported",
  { timeout: 90_000 },
  async () => {
    const stage = await Stage.open();
    await customersTrigger(
      stage,
      "if old.status = 'sending' and new.id_wpp is null then return null; end if;",
    );
    const syncd = stage.run({ TALKME_CONCURRENCY: "2" });
    const id = await stage.insert("11988887777");
    await stage.insertMany(1, 5);

    await expect
      .poll(() => readiness(syncd), patience)
      .toMatchObject({
        status: 503,
        reasons: expect.stringContaining("watch_orders"),
      });
    const later = await stage.insert("11977776666", "send_at, id_wpp", "now() + interval '12 seconds', 7");
    await stage.reaches(later, "sent");
    expect(await stage.row(id)).toMatchObject({ status: "sending" });
    expect(stage.simulator.ledger.duplicates()).toEqual([]);

    await stage.sql("drop trigger watch_orders on talkme.outbox");
    await expect.poll(() => stage.count("status in ('sending', 'pending')"), patience).toBe(0);
    await expect.poll(() => readiness(syncd)).toMatchObject({ status: 200 });
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  },
);

async function isSentOnceAlthoughMade(status: string): Promise<void> {
  const stage = await Stage.open();
  const finished = status === "failed" ? "now()" : "null";
  for (const name of ["a_first", "zzzzz_last"]) {
    await customersTrigger(
      stage,
      `if new.status = 'sent' and new.id_wpp is null then new.status := '${status}'; new.finished_at := ${finished}; end if;`,
      name,
    );
  }
  stage.run();
  const id = await stage.insert("11988887777");

  await stage.reaches(id, "unknown");
  await afterTheNextReclaim(stage, id);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
}

test("an accepted row that a trigger would make pending, failed or sending is sent once, and becomes unknown", async () => {
  // In parallel: each waits for the next reclaim.
  await Promise.all(["pending", "failed", "sending"].map(isSentOnceAlthoughMade));
});

test("a row whose claim a trigger suppresses is not sent, and holds up no other of its lane", async () => {
  const stage = await Stage.open();
  await customersTrigger(
    stage,
    "if new.status in ('sending', 'failed') and new.metadata is not null then return null; end if;",
  );
  const id = await stage.insert("11988887777", "metadata", "'{}'");
  await stage.insertMany(1, 5);
  const syncd = stage.run();

  await expect.poll(() => stage.count("status = 'sent'"), patience).toBe(5);
  expect(await stage.row(id)).toMatchObject({ status: "pending", attempts: 0 });
  expect(stage.simulator.requests).toBe(5);
  expect(await syncd.logged("a trigger of talkme.outbox suppresses what is to be written")).toMatchObject({
    triggers: ["watch_orders"],
  });
});

test("a row whose recipient a trigger changes at its claim is not sent", async () => {
  const stage = await Stage.open();
  await customersTrigger(
    stage,
    "if new.status = 'sending' and new.metadata is not null then new.numero_dest := '11933332222'; end if;",
  );
  const id = await stage.insert("11988887777", "metadata", "'{}'");
  await stage.insertMany(1, 2);
  stage.run();

  await expect.poll(() => stage.count("status = 'sent'"), patience).toBe(2);
  expect(await stage.reaches(id, "failed")).toMatchObject({ error_code: "row_unclaimable" });
  expect(stage.simulator.requests).toBe(2);
});
