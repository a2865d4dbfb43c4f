import { expect, test } from "vitest";

import { readQueue, settleAndClaim } from "../src/daemon.ts";
import { TestOutbox, wishFor } from "./support/outbox.ts";

const contract = "insert into talkme.campaign (id_campanha, name) values (1, 'orders')";

const changes = {
  "the campaign's window": ["update talkme.campaign set sending_window = 'mon-fri 9:00-19:00'", contract],
  "the campaign's rate": ["update talkme.campaign set rate_per_second = 1", contract],
  "the campaign's gap": ["update talkme.campaign set recipient_gap = '1 hour'", contract],
  "whether the campaign is active": ["update talkme.campaign set active = false", contract],
  "a campaign that was unknown": [contract, "select 1"],
  "the account's gap": [
    "insert into talkme.account (account, recipient_gap) values ('default', '1 hour')",
    "delete from talkme.account",
  ],
} as const;

test.each(Object.entries(changes))(
  "a claim that does not know of a change of %s claims nothing, and the one after a look does",
  async (_, [change, before]) => {
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.ask(before);
    await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 1)");
    const seen = (await readQueue(outbox.daemon)).lanes[0]?.rules ?? null;
    await outbox.ask(change);

    const claimed = await settleAndClaim(outbox.daemon, "a", [], [wishFor({ rules: seen })]);
    expect(claimed).toMatchObject({ claimed: [], passed: [], refusedAccounts: ["default"] });

    const [lane] = (await readQueue(outbox.daemon)).lanes;
    expect(lane?.rules).not.toBe(seen);
    const later = await settleAndClaim(outbox.daemon, "a", [], [wishFor({ rules: lane?.rules ?? null })]);
    expect(later.refusedAccounts).toEqual(lane?.paused === true ? ["default"] : []);
  },
);
