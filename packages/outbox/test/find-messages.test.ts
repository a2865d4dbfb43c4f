import { expect, test } from "vitest";

import { TestOutbox } from "./support/outbox.ts";
import { personOf, type Person } from "./support/role.ts";

const conditions = [
  ["", "true"],
  ["status => 'sent'", "status = 'sent'"],
  ["status => 'failed', error_code => 'x'", "status = 'failed' and error_code = 'x'"],
  ["id_campanha => 2", "id_campanha = 2"],
  ["batch_id => 1, status => 'sent'", "batch_id = 1 and status = 'sent'"],
  ["before => 30", "messages.id < 30"],
] as const;

test("a search finds what the view of messages has, for each role, however far it looks at once", async () => {
  const outbox = await TestOutbox.open();
  await outbox.ask("insert into talkme.batch (name) values ('lista')");
  await outbox.insert(
    "numero_dest, id_campanha, batch_id",
    "select '11988887777', 1 + i % 3, case when i % 2 = 0 then 1 end from generate_series(1, 60) as i",
  );
  await outbox.ask("update talkme.outbox set status = 'sent', finished_at = now() where id % 4 = 0");
  await outbox.ask(
    "update talkme.outbox set status = 'failed', error_code = 'x', finished_at = now() where id % 4 = 1",
  );
  const people: readonly Person[] = [
    await personOf(outbox, "find_operator", "talkme_operator"),
    await personOf(outbox, "find_team", "talkme_marketing"),
    await personOf(outbox, "find_shop", "talkme_producer"),
  ];
  await outbox.ask("select talkme.grant_campaign(2, 'find_team')");
  await people[2]?.ask("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)");

  for (const person of people)
    for (const [filter, condition] of conditions) {
      const expected = await person.ask(
        `select coalesce(array_agg(messages.id order by messages.id desc), '{}') from talkme.messages where ${condition}`,
      );
      const found: string[] = [];
      const isBefore = filter.startsWith("before");
      for (let before = isBefore ? "30" : "null"; before !== "end";) {
        const named = [isBefore ? "" : filter, `before => ${before}`, "most => 7", "within => 10"];
        const page = await person.ask(`
          select array_to_string(ids, ' ') || '|' || coalesce(searched_to::text, 'end')
          from talkme.find_messages(${named.filter((one) => one !== "").join(", ")})`);
        const [ids = "", next = "end"] = String(page).split("|");
        found.push(...ids.split(" ").filter((id) => id !== ""));
        before = next;
      }
      expect(found).toEqual(expected);
    }
});

test("a search that finds nothing recent says where to go on, and the last one that there is no more", async () => {
  const outbox = await TestOutbox.open();
  await outbox.insert("numero_dest, id_campanha", "select '11988887777', 1 from generate_series(1, 30) as i");
  const search = (before: string) =>
    outbox.ask(
      `select json_build_array(ids, searched_to) from talkme.find_messages(id_campanha => 9, before => ${before}, within => 20)`,
    );
  expect(await search("null")).toEqual([[], 11]);
  expect(await search("11")).toEqual([[], null]);
});
