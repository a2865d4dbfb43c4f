import { expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";

test.each(["return null", "return old"])(
  "what a customer's trigger keeps from being cancelled is not reported as cancelled: %s",
  async (how) => {
    const outbox = await TestOutbox.open();
    await outbox.insertDue(3);
    await outbox.ask(`
      create function public.keep() returns trigger language plpgsql as $$ begin ${how}; end $$;
      create trigger keep before update on talkme.outbox for each row when (old.id = 2) execute function public.keep()
    `);

    expect(
      await outbox.ask(
        "select json_agg(t.what || ': ' || t.rows) from talkme.cancel_where(id_campanha => 1, go => true) as t",
      ),
    ).toEqual(["cancelled: 2", "left: a trigger of the table keeps it as it is: 1"]);
    expect(await outbox.ask("select rows from talkme.audit")).toBe("2");
    await refusalOf(outbox.ask("select talkme.cancel(2)"));

    const correct = await outbox.ask(`
      select json_agg(t.what || ': ' || t.rows)
      from talkme.correct_where('{"priority": 5}', ids => '{1,2,3}', status => null, go => true) as t`);
    expect(correct).toEqual(expect.arrayContaining(["left: a trigger of the table keeps it as it is: 1"]));
    expect((await outbox.row("2")).status).toBe("pending");
  },
);
