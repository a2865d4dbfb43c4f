import { expect, test } from "vitest";

import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { refusalOf } from "./support/refusal.ts";
import { personOf } from "./support/role.ts";
import { touch } from "./support/touched.ts";

test("waiting and failed rows get another recipient, campaign, text and variables, and the rest of each stays", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insert(
    "numero_dest, id_campanha, info_contato, metadata",
    `values ('11988887771', 1, '{"nome": "Ana", "geral1": "R$ 1,00", "cidade": "Rio"}', '{"order": 1, "old": null}'),
       ('11988887771', 1, '{"nome": "Ana"}', null)`,
  );
  await outbox.ask(
    "update talkme.outbox set status = 'failed', finished_at = now(), error_code = 'invalid_phone' where id = 2",
  );
  const changes = `{"numero_dest": "+55 11 98888-7772", "id_campanha": 2, "txtmsg": "Olá",
    "info_contato": {"geral1": "R$ 2,00", "cidade": null}, "metadata": {"by": "ana"}}`;
  expect(
    await touch(
      outbox,
      `correct_where('${changes}', id_campanha => 1, reason => 'typing error', go => true)`,
    ),
  ).toEqual([
    ["corrected", "failed", "invalid_phone", "1"],
    ["corrected", "pending", null, "1"],
  ]);
  expect(await outbox.row("1")).toMatchObject({
    status: "pending",
    recipient: "5511988887772",
    lane: "default/2/-",
    txtmsg: "Olá",
    info_contato: { nome: "Ana", geral1: "R$ 2,00" },
    metadata: { order: 1, old: null, by: "ana" },
  });
  expect(await outbox.row("2")).toMatchObject({
    status: "failed",
    recipient: "5511988887772",
    info_contato: { nome: "Ana", geral1: "R$ 2,00" },
  });
  expect(await outbox.ask("select about from talkme.audit")).toEqual({
    id_campanha: 1,
    before: { id_campanha: [1] },
    after: {
      numero_dest: "given",
      id_campanha: 2,
      txtmsg: "given",
      info_contato: "given",
      metadata: "given",
    },
  });
});

test("a correction passes the same rules as an insert: each row that breaks one stays as it is, and the others are corrected", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask(
    "insert into talkme.campaign (id_campanha, name, required_variables) values (2, 'Natal', '{nome}')",
  );
  await outbox.ask("insert into talkme.campaign (id_campanha, name, active) values (3, 'Old', false)");
  await outbox.insert(
    "numero_dest, id_campanha, info_contato",
    `values ('11988887771', 1, '{"nome": "Ana"}'), ('11988887772', 1, null)`,
  );
  expect(await touch(outbox, `correct_where('{"id_campanha": 2}', ids => array[1, 2], go => true)`)).toEqual([
    ["corrected", "pending", null, "1"],
    ["left: campaign 2 (Natal) needs variables that are missing or blank: nome", "pending", null, "1"],
  ]);
  for (const [changes, why] of [
    [`{"numero_dest": "20988887772"}`, "left: numero_dest begins with the DDD 20, which does not exist"],
    [`{"numero_dest": null}`, "left: the message has no recipient"],
    [`{"id_campanha": null}`, "left: the message has neither a campaign nor a channel"],
    [`{"id_campanha": 3}`, "left: campaign 3 (Old) is not active"],
    [
      `{"info_contato": {"valor": "1"}}`,
      "left: info_contato has variables that Talk.me does not know: valor",
    ],
    [`{"info_contato": {"geral1": 1}}`, "left: info_contato.geral1 is a JSON number, not a string"],
    [`{"expires_at": "2020-01-01"}`, "left: the message would expire before it may be sent"],
    [`{"numero_dest": "11 98888-7772"}`, "corrected"],
    [`{"txtmsg": null}`, "left: it is so already"],
  ])
    expect([
      changes,
      ...(await touch(outbox, `correct_where('${changes}', ids => array[2], go => true)`)),
    ]).toEqual([changes, [why, "pending", null, "1"]]);
});

test("nobody who is suppressed and no duplicate comes in by a correction", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask(
    "insert into talkme.campaign (id_campanha, name, duplicate_window) values (1, 'Natal', '1 day')",
  );
  await outbox.insert("numero_dest, id_campanha", "values ('11988887771', 1), ('11988887772', 1)");
  await outbox.ask("select talkme.suppress('11988887779', 'asked for it')");
  expect(
    await touch(outbox, `correct_where('{"numero_dest": "1188887779"}', ids => array[2], go => true)`),
  ).toEqual([["left: its recipient is suppressed", "pending", null, "1"]]);
  expect(
    await touch(outbox, `correct_where('{"numero_dest": "1188887771"}', ids => array[2], go => true)`),
  ).toEqual([["left: the recipient has the same message of this campaign already", "pending", null, "1"]]);

  // A producer may not try who is on the list: such a row of its own is cancelled at its turn.
  const shop = await personOf(outbox, "correct_shop", "talkme_producer");
  await shop.ask("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887773', 5)");
  await outbox.register("a");
  expect(
    await shop.ask(
      `select what from talkme.correct_where('{"numero_dest": "11988887779"}', id_campanha => 5, go => true)`,
    ),
  ).toBe("corrected");
  expect(await outbox.claim("a", { lane: "default/5/-" })).toEqual([]);
  expect(
    await outbox.ask("select status || ' ' || error_code from talkme.outbox where id_campanha = 5"),
  ).toBe("cancelled suppressed");
});

test("the messages of several people never all go to one by a correction", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insert("numero_dest, id_campanha", "values ('11988887771', 1), ('11988887772', 1)");
  for (const go of ["false", "true"])
    expect(
      await refusalOf(
        touch(outbox, `correct_where('{"numero_dest": "11988887773"}', id_campanha => 1, go => ${go})`),
      ),
    ).toMatchObject({ code: "22023", constraint: "outbox_changes_recipient" });
});

test("what is on the wire, in doubt, sent or without personal data is not corrected", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  await outbox.insertDue(5);
  const [, doubt, sent] = await outbox.claim("a", { limit: 3 });
  if (doubt === undefined || sent === undefined) throw new Error("Nothing was claimed.");
  const attempt = {
    account: "default",
    action: "simples",
    outcome: "unknown",
    ageMs: 40,
    durationMs: 30,
  } as const;
  await outbox.settle([
    settlementOf(sent, "a"),
    settlementOf(doubt, "a", { status: "unknown", errorCode: "timeout", attempt }),
  ]);
  await outbox.ask(
    "update talkme.outbox set status = 'failed', finished_at = now(), blanked_at = now() where status = 'pending' and id % 2 = 0",
  );
  const report = await touch(
    outbox,
    `correct_where('{"txtmsg": "x"}', ids => array[1, 2, 3, 4, 5], go => true)`,
  );
  expect(report.map(([what, status]) => `${what} ${status}`).toSorted()).toEqual([
    "corrected pending",
    "left: it is on the wire sending",
    "left: its personal data was removed failed",
    "left: not for rows of this status, unless status => names it sent",
    "left: not for rows of this status, unless status => names it unknown",
  ]);
});

test("changes that are no columns of a message, or do not fit them, are refused with what is wrong", async () => {
  const outbox = await TestOutbox.open();
  for (const [changes, constraint, message] of [
    [`{"status": "sent", "fence": 1}`, "outbox_changes_columns", /status/],
    ["{}", "outbox_changes_given", /no changes/],
    ["[1]", "outbox_changes_given", /no changes/],
    [`{"account": null}`, "outbox_changes_null", /account/],
    [`{"id_campanha": "Natal"}`, "outbox_changes_fit", /bigint: "Natal"/],
    [`{"send_at": "tomorrow at 9"}`, "outbox_changes_fit", /timestamp/],
  ] as const) {
    const refusal = await refusalOf(touch(outbox, `correct_where('${changes}', id_campanha => 1)`));
    expect(refusal).toMatchObject({ code: "22023", constraint, message: expect.stringMatching(message) });
  }
});

test("a correction of each row from a staging table is one statement", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insert(
    "numero_dest, id_campanha",
    "values ('11988887771', 1), ('11988887772', 1), ('11988887773', 1)",
  );
  expect(
    await outbox.ask(`
      select array_agg(format('%s %s', s.id, t.what) order by s.id)
      from (values (1, '21988887771'), (2, '2098888'), (9, '21988887779')) as s (id, phone)
      cross join lateral talkme.correct_where(jsonb_build_object('numero_dest', s.phone), ids => array[s.id], go => true) as t`),
  ).toEqual([
    "1 corrected",
    "2 left: numero_dest is not a telephone number",
    "9 left: there is no such row, or it is not yours",
  ]);
});

test("postponed rows wait until then, those that would expire before are left, and what was put off is judged again", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insert(
    "numero_dest, id_campanha, expires_at",
    "values ('11988887771', 1, null), ('11988887772', 1, now() + interval '1 hour'), ('11988887773', 2, null)",
  );
  await outbox.ask(
    "update talkme.outbox set retry_at = now() + interval '3 days', error_code = 'outside_window' where id = 1",
  );
  expect(
    await touch(outbox, "postpone_where(now() + interval '2 hours', id_campanha => 1, go => true)"),
  ).toEqual([
    ["postponed", "pending", "outside_window", "1"],
    ["left: the message would expire before it may be sent", "pending", null, "1"],
  ]);
  expect(
    await outbox.ask(
      "select due_at = send_at and send_at = now() + interval '2 hours' from talkme.outbox where id = 1",
    ),
  ).toBe(false);
  expect(
    await outbox.ask(
      "select due_at - now() between interval '1 hour 59 minutes' and interval '2 hours' and error_code is null from talkme.outbox where id = 1",
    ),
  ).toBe(true);
  expect(
    await touch(
      outbox,
      "postpone_where(now() + interval '2 hours', id_campanha => 1, expires_at => now() + interval '3 hours', go => true)",
    ),
  ).toHaveLength(1);
  expect(
    await outbox.ask(
      "select array_agg(id order by id) from talkme.outbox where send_at > now() + interval '1 hour'",
    ),
  ).toEqual(["1", "2"]);
  expect(await outbox.ask("select array_agg(action order by id) from talkme.audit")).toEqual([
    "postpone_where",
    "postpone_where",
  ]);
});
