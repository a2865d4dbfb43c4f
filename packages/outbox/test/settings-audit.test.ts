import { expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";
import { personOf } from "./support/role.ts";

/** What the audit says, but for when. */
async function auditOf(outbox: TestOutbox): Promise<unknown> {
  return outbox.ask(
    "select coalesce(jsonb_agg(jsonb_build_array(who, action, about, reason) order by id), '[]') from talkme.audit",
  );
}

test("an operator sets a campaign's rate and window, an account's window and a holiday, each with an entry of who, what, before, after and why", async () => {
  const outbox = await TestOutbox.open();
  const ana = await personOf(outbox, "settings_ana", "talkme_operator");
  expect(
    await ana.ask(
      `select talkme.set_campaign(5, '{"name": "Natal", "rate_per_second": 5, "required_variables": ["nome"]}', 'new')`,
    ),
  ).toBe(
    'talkme.campaign 5: active is true, name is Natal, on_duplicate is refuse, rate_per_second is 5, required_variables is ["nome"]. syncd reads it within a second.',
  );
  expect(
    await ana.ask(
      `select talkme.set_campaign(5, '{"rate_per_second": null, "sending_window": "seg-sex 9:00-19:00", "recipient_gap": "1 day"}', 'as agreed')`,
    ),
  ).toBe(
    "talkme.campaign 5: rate_per_second is null (was 5), recipient_gap is 1 day (was null), sending_window is seg-sex 9:00-19:00 (was null). syncd reads it within a second.",
  );
  await ana.ask(`select talkme.set_account('default', '{"sending_window": "mon-fri 9-19"}', 'law')`);
  await ana.ask("select talkme.set_holiday('2026-12-25', 'Natal', reason => 'calendar')");
  await ana.ask("select talkme.set_holiday('2026-12-25', null, reason => 'mistake')");
  // Nothing changes.
  expect(await ana.ask(`select talkme.set_campaign(5, '{"active": true}')`)).toContain("is so already");
  expect(await ana.ask("select talkme.set_holiday('2026-12-25', null)")).toContain("is so already");

  expect(await auditOf(outbox)).toEqual([
    [
      "settings_ana",
      "set_campaign",
      {
        account: "default",
        id_campanha: 5,
        after: expect.objectContaining({ name: "Natal", rate_per_second: 5, required_variables: ["nome"] }),
      },
      "new",
    ],
    [
      "settings_ana",
      "set_campaign",
      {
        account: "default",
        id_campanha: 5,
        before: { rate_per_second: 5, sending_window: null, recipient_gap: null },
        after: { rate_per_second: null, sending_window: "seg-sex 9:00-19:00", recipient_gap: "1 day" },
      },
      "as agreed",
    ],
    [
      "settings_ana",
      "set_account",
      { account: "default", after: expect.objectContaining({ sending_window: "mon-fri 9-19" }) },
      "law",
    ],
    ["settings_ana", "set_holiday", { day: "2026-12-25", state: "*", after: { name: "Natal" } }, "calendar"],
    ["settings_ana", "set_holiday", { day: "2026-12-25", state: "*", before: { name: "Natal" } }, "mistake"],
  ]);
});

test("whoever writes settings by hand is in the audit, too: the owner, somebody with a grant, a truncate", async () => {
  const outbox = await TestOutbox.open();
  const clerk = await personOf(outbox, "settings_clerk");
  await outbox.ask("grant select, update on talkme.campaign to settings_clerk");
  await outbox.ask(
    "insert into talkme.campaign (id_campanha, name, burst_limit) values (1, 'Ana 11 98888-7777', 5), (2, 'x', 5)",
  );
  await outbox.ask(
    "begin; set local talkme.reason = 'price list of May'; update talkme.campaign set burst_limit = id_campanha + 3; commit",
  );
  await outbox.ask("update talkme.campaign set burst_limit = burst_limit");
  await clerk.ask("update talkme.campaign set active = false, id_campanha = 3 where id_campanha = 1");
  await outbox.ask("delete from talkme.campaign where id_campanha = 2");
  await outbox.ask("insert into talkme.account (account, retention) values ('vendas', '90 days')");
  await outbox.ask("truncate talkme.campaign");

  const audit = await auditOf(outbox);
  expect(audit).toEqual([
    [
      "postgres",
      "insert_campaign",
      { account: "default", id_campanha: 1, after: expect.objectContaining({ name: "Ana (number)" }) },
      null,
    ],
    ["postgres", "insert_campaign", expect.objectContaining({ id_campanha: 2 }), null],
    [
      "postgres",
      "update_campaign",
      { account: "default", id_campanha: 1, before: { burst_limit: 5 }, after: { burst_limit: 4 } },
      "price list of May",
    ],
    [
      "settings_clerk",
      "update_campaign",
      {
        account: "default",
        id_campanha: 1,
        before: { active: true, id_campanha: 1 },
        after: { active: false, id_campanha: 3 },
      },
      null,
    ],
    [
      "postgres",
      "delete_campaign",
      { account: "default", id_campanha: 2, before: expect.objectContaining({ burst_limit: 5 }) },
      null,
    ],
    [
      "postgres",
      "insert_account",
      { account: "vendas", after: expect.objectContaining({ retention: "90 days" }) },
      null,
    ],
    ["postgres", "truncate_campaign", {}, null],
  ]);
  expect(JSON.stringify(audit)).not.toContain("8888");
});

test("the name and the reason of one change are not left over for the next", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask(`
    do $$ begin
      perform talkme.set_account('default', '{"recipient_gap": "1 day"}', 'first');
      update talkme.account set recipient_gap = '2 days';
      perform talkme.configure_account('default', 'mon-fri 9-19');
      update talkme.account set recipient_gap = '3 days';
    end $$`);
  expect(
    await outbox.ask("select array_agg(format('%s %s', action, reason) order by id) from talkme.audit"),
  ).toEqual(["set_account first", "update_account ", "configure_account ", "update_account "]);
});

test("what removes data is set by the owner, and a setting that is none, or does not fit, is refused with what would be right", async () => {
  const outbox = await TestOutbox.open();
  for (const [call, code, constraint, message] of [
    [`set_campaign(1, '{"retention": "0"}')`, "42501", "setting_owner", /retention/],
    [`set_account('default', '{"delete_after": "1 day"}')`, "42501", "setting_owner", /delete_after/],
    [`set_campaign(1, '{"rate": 5}')`, "22023", "setting_columns", /rate/],
    [`set_campaign(1, '{}')`, "22023", "setting_given", /talkme.campaign/],
    [`set_campaign(1, '{"active": false}')`, "22023", "setting_fit", /a campaign needs a name/],
    [
      `set_campaign(1, '{"name": "x", "rate_per_second": "fast"}')`,
      "22023",
      "setting_fit",
      /numeric: "fast"/,
    ],
    [
      `set_campaign(1, '{"name": "x", "rate_per_second": 0}')`,
      "23514",
      "campaign_rate_range",
      /0 messages a second/,
    ],
    [
      `set_account('default', '{"sending_window": "weekdays"}')`,
      "22023",
      undefined,
      /'weekdays' is not a valid sending window/,
    ],
    [`set_holiday('2026-12-25', 'Natal', 'Brasil')`, "23514", "holiday_state_known", /'Brasil'/],
  ] as const)
    expect({ call, ...(await refusalOf(outbox.ask(`select talkme.${call}`))) }).toMatchObject({
      call,
      code,
      ...(constraint === undefined ? {} : { constraint }),
      message: expect.stringMatching(message),
    });
  expect(await auditOf(outbox)).toEqual([]);
});
