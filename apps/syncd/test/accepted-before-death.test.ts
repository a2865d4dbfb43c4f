import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

const resending = { TALKME_LEASE_SECONDS: "5", TALKME_ON_UNKNOWN: "resend" };

/** What a customer's trigger does to every write to a row on the wire. */
const refusing: Readonly<Record<string, string>> = {
  suppresses: "return null;",
  refuses: "raise exception 'no';",
};

test.each(Object.keys(refusing))(
  "an accepted message whose every mark a trigger %s is not sent again after its instance dies, even with resend",
  { timeout: 90_000 },
  async (does) => {
    const stage = await Stage.open();
    await stage.sql(`
      create function public.keep() returns trigger language plpgsql as $$ begin ${refusing[does]} end $$;
      create trigger keep before update on talkme.outbox for each row
      when (old.status = 'sending' and old.id_wpp is null) execute function public.keep()`);
    const first = stage.run(resending);
    const id = await stage.insert("11988887777");
    await expect
      .poll(() => stage.sql(`select outcome, reference from talkme.attempt where outbox_id = ${id}`), {
        timeout: 30_000,
      })
      .toEqual([{ outcome: "accepted", reference: expect.stringMatching(/./) }]);
    first.signal("SIGKILL");
    await first.exit();
    await stage.sql("drop trigger keep on talkme.outbox");

    stage.run(resending);
    expect(await stage.reaches(id, "unknown")).toMatchObject({
      error_code: "instance_lost",
      error: expect.stringContaining("accepted"),
    });
    expect(stage.simulator.requests).toBe(1);
  },
);
