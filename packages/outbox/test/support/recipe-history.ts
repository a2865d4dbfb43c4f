import { settlementOf, type TestOutbox } from "./outbox.ts";

const attempt = { account: "default", action: "simples", ageMs: 40, durationMs: 30 } as const;

/** What has happened before somebody opens the recipes: the rows of their numbers, and something for each look. */
export async function tellRecipeHistory(outbox: TestOutbox, language: string): Promise<void> {
  const insert = async (columns: string, values: string): Promise<unknown> =>
    outbox.insert(columns, `overriding system value ${values}`);
  await outbox.register("a");
  await insert(
    "id, numero_dest, id_campanha",
    "select id, '11988887779', 1 from generate_series(42, 48) as id",
  );
  const unknown = new Set(["45", "46", "47"]);
  const claimed = await outbox.claim("a", { limit: 6 });
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
  await insert("id, numero_dest, id_campanha", "values (49, '21988887770', 777)");
  await insert(
    "id, numero_dest, id_campanha",
    `values (51, '11988887771', 123456), (52, '21988887772', 123456), (53, '31988887773', 123456),
       (54, '31988887773', 123456), (55, '41988887774', 123456)`,
  );
  await outbox.ask(`
    update talkme.outbox set status = 'unknown', error_code = 'timeout', claimed_by = 'a', claimed_at = now()
    where id between 51 and 55`);
  await outbox.ask("select setval(pg_get_serial_sequence('talkme.outbox', 'id'), 1000)");
  await giveSomethingToLookAt(outbox);
  await outbox.ask(
    `do $$ begin execute format('alter database %I set talkme.language = %L', current_database(), '${language}'); end $$`,
  );
}

/** An open circuit, a pause, held rows and a batch that waits. */
async function giveSomethingToLookAt(outbox: TestOutbox): Promise<void> {
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
