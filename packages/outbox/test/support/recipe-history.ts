import { settlementOf, type TestOutbox } from "./outbox.ts";

/** What has happened before somebody opens the page: a row for each of its numbers, and one in each state that it mends. */
export async function tellRecipeHistory(outbox: TestOutbox): Promise<void> {
  await outbox.register("a");
  await outbox.insert(
    "id, numero_dest, id_campanha",
    "overriding system value select id, '11988887779', 1 from generate_series(42, 48) as id",
  );
  const attempt = { account: "default", action: "simples", ageMs: 40, durationMs: 30 } as const;
  const claimed = await outbox.claim("a", { limit: 6 });
  const unknown = new Set(["45", "46", "47"]);
  await outbox.settle(
    claimed.map((row) =>
      settlementOf(
        row,
        "a",
        unknown.has(row.id)
          ? { status: "unknown", errorCode: "timeout", attempt: { ...attempt, outcome: "unknown" } }
          : { status: "failed", errorCode: "not_found", attempt: { ...attempt, outcome: "rejected" } },
      ),
    ),
  );
  await outbox.insert(
    "id, numero_dest, id_campanha",
    "overriding system value values (49, '21988887770', 777)",
  );
  await outbox.ask("select setval(pg_get_serial_sequence('talkme.outbox', 'id'), 1000)");
  await outbox.ask(`
    insert into talkme.circuit (account, kind, opened_at, half_open_at)
    values ('vendas', 'trouble', now(), now() + interval '1 hour')`);
  await outbox.ask("select talkme.pause('campaign:9', 'wrong price')");
  await outbox.ask(
    "insert into talkme.campaign (id_campanha, name, burst_limit) values (5, 'Accident', 1), (6, 'Batch', null)",
  );
  await outbox.insert("numero_dest, id_campanha", "values ('11988887771', 5), ('11988887772', 5)");
  const batch = await outbox.ask(
    "insert into talkme.batch (name, expected_rows) values ('Waits', 1) returning id",
  );
  await outbox.insert("numero_dest, id_campanha, batch_id", `values ('11988887771', 6, ${String(batch)})`);
}
