import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

const undo = "status = 'pending', claim = null, claimed_by = null, claimed_at = null, finished_at = null";

/** Customer triggers that undo the daemon's mark after it was written. */
const undoing: Readonly<Record<string, string>> = {
  "after each row": "create trigger undo after update on talkme.outbox for each row",
  deferred:
    "create constraint trigger undo after update on talkme.outbox deferrable initially deferred for each row",
  "after the statement": "create trigger undo after update on talkme.outbox for each statement",
};

const cases = Object.keys(undoing).flatMap((when) => ["sending", "sent"].map((status) => ({ when, status })));

test.each(cases)(
  "a row made $status that a trigger ($when) makes pending again is sent once at most",
  { timeout: 60_000 },
  async ({ when, status }) => {
    const stage = await Stage.open();
    await stage.sql(`
      create function public.undo() returns trigger language plpgsql security definer as $$ begin
        if pg_trigger_depth() = 1 then
          update talkme.outbox set ${undo} where status = '${status}' and id_campanha = 1;
        end if;
        return null;
      end $$;
      ${undoing[when]} execute function public.undo()`);
    stage.run();
    const id = await stage.insert("11988887777");

    await stage.reaches(id, status === "sent" ? "unknown" : "failed");
    // A later neighbour in another lane is sent: the daemon is well.
    await stage.sql("insert into talkme.outbox (numero_dest, id_campanha) values ('11977776666', 2)");
    await expect.poll(() => stage.count("id_campanha = 2 and status = 'sent'"), { timeout: 20_000 }).toBe(1);
    expect(stage.simulator.requests).toBe(status === "sent" ? 2 : 1);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  },
);

test("a sent row stays sent, whoever writes another status", async () => {
  const stage = await Stage.open();
  stage.run();
  const id = await stage.insert("11988887777");
  await stage.reaches(id, "sent");

  for (const edit of [
    undo,
    "status = 'failed'",
    "status = 'unknown', finished_at = null, claim = abs(claim)",
    "status = 'cancelled', claim = null",
  ]) {
    const refused = stage.sql(`update talkme.outbox set ${edit} where id = ${id}`);
    await expect.soft(refused, edit).rejects.toMatchObject({ code: "23514" });
  }
});

test("rows that a trigger makes pending again at their claim hold up no other of their lane", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    create function public.undo() returns trigger language plpgsql as $$ begin
      new.status := 'pending'; new.claim := null; new.claimed_by := null; new.claimed_at := null;
      return new;
    end $$;
    create trigger zzzzz_undo before update on talkme.outbox for each row
    when (new.status = 'sending' and new.metadata is not null) execute function public.undo()`);
  await stage.sql(
    "insert into talkme.outbox (numero_dest, id_campanha, metadata) select '1198888777' || i, 1, '{}' from generate_series(0, 9) as i",
  );
  await stage.insertMany(1, 5);
  stage.run({ TALKME_CONCURRENCY: "2" });

  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 30_000 }).toBe(5);
  expect(stage.simulator.requests).toBe(5);
});
