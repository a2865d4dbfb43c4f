import { expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { personOf } from "./support/role.ts";
import { touch } from "./support/touched.ts";

test("rows that a person holds are not claimed, say so, and go when that person lets them", async () => {
  const outbox = await TestOutbox.open();
  await outbox.register("a");
  const [first = "", second = ""] = await outbox.insertDue(3);
  const ids = `ids => array[${first}, ${second}]`;
  expect(await touch(outbox, `pause_where(${ids}, reason => 'wrong price', go => true)`)).toEqual([
    ["held", "pending", null, "2"],
  ]);
  expect(await outbox.ask(`select talkme.explain(${first})`)).toContain("held by postgres (wrong price)");
  expect(await outbox.claim("a")).toHaveLength(1);
  expect(await touch(outbox, `pause_where(${ids}, go => true)`)).toEqual([
    ["left: it is held already", "pending", "held", "2"],
  ]);

  expect(await touch(outbox, `resume_where(ids => array[${first}], go => true)`)).toEqual([
    ["released", "pending", "held", "1"],
  ]);
  expect((await outbox.claim("a")).map(({ id }) => id)).toEqual([first]);
  expect(await touch(outbox, "resume_where(id_campanha => 1)")).toEqual([
    ["would be released: add go => true", "pending", "held", "1"],
  ]);
});

test("resuming a campaign or a batch does not let go what a person holds by name", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask("insert into talkme.batch (name) values ('Natal')");
  await outbox.insert("numero_dest, id_campanha, batch_id", "values ('11988887777', 1, 1)");
  await touch(outbox, "pause_where(batch_id => 1, go => true)");
  await outbox.ask("select talkme.pause('batch:1', 'later')");
  await outbox.ask("select talkme.resume('batch:1')");
  await outbox.ask("select talkme.resume('campaign:1')");
  expect(await outbox.ask("select error_code from talkme.outbox")).toBe("held");
  await touch(outbox, "cancel_where(batch_id => 1, go => true)");
  expect(await outbox.ask("select talkme.retry(1)")).toContain("talkme.resume_where lets it go");
  expect(await outbox.ask("select status || ' ' || error_code from talkme.outbox")).toBe("pending held");
});

test("a row of a paused batch is not released by itself: its batch is resumed", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask("insert into talkme.batch (name) values ('Natal')");
  await outbox.insert("numero_dest, id_campanha, batch_id", "values ('11988887777', 1, 1)");
  await outbox.ask("select talkme.pause('batch:1', 'later')");
  expect(await touch(outbox, "resume_where(ids => array[1], go => true)")).toEqual([
    ["left: its batch is paused: talkme.resume('batch:ID') lets it go", "pending", "batch_paused", "1"],
  ]);
});

test("a producer lets go what it holds itself, and neither what an operator holds nor an accident", async () => {
  const outbox = await TestOutbox.open();
  const shop = await personOf(outbox, "hold_shop", "talkme_producer");
  await shop.ask(
    "insert into talkme.outbox (numero_dest, id_campanha) select '11988887777', 1 from generate_series(1, 3)",
  );
  await shop.ask("select talkme.pause_where(ids => array[1], go => true)");
  await touch(outbox, "pause_where(ids => array[2], go => true)");
  await outbox.ask(
    "update talkme.outbox set retry_at = talkme.held_until(), error_code = 'held_burst' where id = 3",
  );

  const release =
    "select string_agg(format('%s %s', what, rows), '; ') from talkme.resume_where(ids => array[1, 2, 3], go => true)";
  const left =
    "left: somebody else holds it, or it came as an accident: a member of talkme_operator lets it go 1";
  expect(await shop.ask(release)).toBe(`released 1; ${left}; ${left}`);
  expect(
    await outbox.ask("select array_agg(id order by id) from talkme.outbox where retry_at is not null"),
  ).toEqual(["2", "3"]);
  expect(await touch(outbox, "resume_where(id_campanha => 1, go => true)")).toHaveLength(2);
  expect(await outbox.ask("select count(*) from talkme.outbox where retry_at is not null")).toBe("0");
});
