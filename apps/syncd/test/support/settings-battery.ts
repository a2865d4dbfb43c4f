import { migrate } from "@talkme/outbox";
import { startSimulator } from "@talkme/simulator";
import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { Client, DatabaseError } from "pg";
import { onTestFinished, vi } from "vitest";

import { withDatabase } from "../../src/commands/with-database.ts";
import { createDaemonLogin } from "./daemon-login.ts";
import { runHere } from "./run-here.ts";
import { Syncd } from "./syncd.ts";

/** Settings of a database by name, as SQL with its quotes. */
export type DatabaseSettings = Readonly<Record<string, string>>;

/** What a producer, an operator and the daemon see of an outbox, the same under all settings. */
export interface Seen {
  readonly refusals: readonly string[];
  readonly rows: readonly unknown[];
  readonly explanations: readonly unknown[];
  readonly statistics: readonly unknown[];
  readonly functions: readonly unknown[];
  readonly retention: readonly unknown[];
  readonly partitions: readonly unknown[];
  readonly status: string;
  readonly statusJson: unknown;
}

/** Creates a database with these settings, not migrated; it is dropped after the test. */
export async function databaseWith(settings: DatabaseSettings, beforehand = ""): Promise<string> {
  const database = await emptyDatabase();
  onTestFinished(() => database.drop());
  const client = new Client({ connectionString: database.url });
  await client.connect();
  if (beforehand !== "") await client.query(beforehand);
  for (const [name, value] of Object.entries(settings))
    await client.query(`alter database ${database.name} set ${name} = ${value}`);
  await client.end();
  return database.url;
}

/** Migrates it, and does everything that a producer, an operator and the daemon do once. */
export async function goThrough(databaseUrl: string): Promise<Seen> {
  await withDatabase(databaseUrl, (db) => migrate(db), undefined, 3);
  await createDaemonLogin(databaseUrl);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  const ask = async (sql: string): Promise<readonly unknown[]> => (await client.query(sql)).rows;

  await prepare(ask);
  for (const sql of right) await ask(sql);
  const refusals: string[] = [];
  for (const sql of wrong) refusals.push(await refusal(databaseUrl, sql));
  await send(databaseUrl, ask);

  const functions: unknown[] = [];
  for (const sql of calls) functions.push(...(await ask(sql)));
  const explanations = await ask("select id, talkme.explain(id) as text from talkme.outbox order by id");
  const rows = await ask(
    `select id, status, error_code, numero_dest, recipient, info_contato, attempts
     from talkme.outbox order by id`,
  );
  const statistics = [
    ...(await ask(
      "select account, id_campanha, id_wpp, pending, held, failed, expired, cancelled, sent from talkme.stats order by 1, 2, 3",
    )),
    ...(await ask("select status, error_code, rows from talkme.failures order by 1, 2")),
    ...(await ask("select name, status, errors from talkme.captures")),
    ...(await ask("select entry, message from talkme.capture_error order by id")),
  ];
  const retention = await retain(ask);
  const status = await command(["status"], databaseUrl);
  const statusJson: unknown = JSON.parse(await command(["status", "--json"], databaseUrl));
  return {
    refusals,
    rows: withoutTimes(rows),
    explanations: withoutTimes(explanations),
    statistics,
    functions: withoutTimes(functions),
    retention: withoutTimes(retention),
    partitions: await partitions(databaseUrl),
    status: String(withoutTimes([status])[0]),
    statusJson: withoutTimes([statusJson])[0],
  };
}

type Ask = (sql: string) => Promise<readonly unknown[]>;

async function prepare(ask: Ask): Promise<void> {
  await ask(
    `create table public.orders (id bigint primary key, phone text, name text, paid boolean default false)`,
  );
  await ask(`insert into talkme.account (account, sending_window, retention, delete_after, recipient_gap)
    values ('default', 'mon-sun 0:00-24:00', interval '90 days', interval '400 days', null)`);
  await ask(`insert into talkme.campaign (id_campanha, name, required_variables, duplicate_window)
    values (5, 'five', '{nome}', interval '1 day'), (6, 'six', '{}', null)`);
  await ask(
    `insert into talkme.holiday (day, state, name) values ('2001-01-01', '*', 'New Year'), ('2001-01-25', 'SP', 'a day')`,
  );
  await ask(`select talkme.capture('public.orders', 'paid',
    '{"numero_dest": "phone", "id_campanha": 1, "info_contato.nome": "name"}', name => 'paid', on_error => 'record')`);
  await ask("select talkme.pause('campaign:7', 'because')");
  await ask("select talkme.suppress('+44 20 7946 0958', 'asked')");
}

const wrong: readonly string[] = [
  "insert into talkme.outbox (numero_dest, id_campanha) values ('11 9888s', 1)",
  "insert into talkme.outbox (numero_dest, id_campanha) values ('d1988887777', 1)",
  "insert into talkme.outbox (numero_dest, id_campanha) values ('442079460958', 1)",
  "insert into talkme.outbox (email_dest, id_campanha) values ('fulano@ example.com', 1)",
  "insert into talkme.outbox (email_dest, assunto, id_campanha) values ('a@example.com', chr(10), 1)",
  ...["n = chr(9)", "n = chr(10)", "n = chr(127)", "n = 'a     b'"].map(
    (value) =>
      `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
       values ('11988887777', 1, jsonb_build_object('nome', ${value.slice(4)}))`,
  ),
  "insert into talkme.outbox (numero_dest, id_campanha, info_contato) values ('11988887777', 1, '{\"apelido\":\"a\"}')",
  "insert into talkme.outbox (numero_dest, id_campanha, send_at) values ('11988887777', 1, 'infinity')",
  "insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 5)",
  "insert into talkme.holiday (day, state, name) values ('2001-01-01', 'sp', 'a')",
  "insert into talkme.account (account, sending_window) values ('other', 'mon-fry 9-17')",
  "select talkme.pause('campaign:d', 'a')",
  "select talkme.pause('campaign:7', '')",
  "select talkme.suppress('n o', 'a')",
  "select talkme.forget('n o')",
  "select talkme.resume(E'channel:\\\\d')",
];

const right: readonly string[] = [
  "insert into talkme.outbox (numero_dest, id_campanha) values ('+55 (11) 98888-7777', 1)",
  "insert into talkme.outbox (numero_dest, id_campanha, info_contato) values ('11977776666', 5, '{\"nome\":\"Sissi\"}')",
  "insert into talkme.outbox (email_dest, id_campanha, assunto) values ('sissi.s@class.example', 1, 'yes')",
  "insert into talkme.outbox (numero_dest, id_campanha) values ('11966665555', 7)",
  "insert into talkme.outbox (numero_dest, id_campanha) values ('+44 (0)20 7946 0958', 6), ('+442079460958', 6)",
  "insert into talkme.outbox (numero_dest, id_campanha, expires_at, send_at) values ('11955554444', 6, now() + interval '1 us', now())",
  "insert into talkme.outbox (numero_dest, id_wpp, send_at) values ('11944443333', 9, '2999-01-01 00:00:00+00')",
  "select talkme.enqueue(numero_dest => '11933332222', id_campanha => 6, info_contato => '{\"nome\":\"C:/x\"}')",
  "insert into public.orders values (1, '11922221111', 'Sissi', true), (2, 'no number', 'Sam', true)",
];

const calls: readonly string[] = [
  "select talkme.cancel(4)",
  "select talkme.retry(4)",
  "select talkme.resume('campaign:7')",
  "select * from talkme.cancel_where(id_campanha => 7, go => true)",
  "select talkme.unsuppress('+44 20 7946 0958')",
  "select talkme.forget('11988887777')",
  "select talkme.forget('SISSI.s@class.example ')",
  "select text from talkme.hide_numbers('call +55 11 98888-7777 or a@example.com on 2001-01-01') as text",
  "select action, about, rows from talkme.audit order by id",
];

async function refusal(url: string, sql: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
    return `taken: ${sql}`;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return `${error.code} ${error.constraint ?? ""}: ${error.message} ${error.hint ?? ""}`;
  } finally {
    await client.end();
  }
}

async function send(databaseUrl: string, ask: Ask): Promise<void> {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.close());
  const syncd = Syncd.run(databaseUrl, simulator.url);
  await syncd.logged("sending");
  await vi.waitFor(
    async () => {
      const open = await ask(
        "select id from talkme.outbox where status in ('pending', 'sending') and id_campanha is distinct from 7 and send_at < now()",
      );
      if (open.length > 0)
        throw new Error(`Rows are not sent: ${JSON.stringify(open)}\n${syncd.output}${syncd.errors}`);
      const started = await ask("select from talkme.retention_progress where ended_at is not null");
      if (started.length === 0) throw new Error("No round of the retention has ended.");
    },
    { timeout: 60_000, interval: 100 },
  );
  syncd.signal("SIGTERM");
  if ((await syncd.exit()) !== 0) throw new Error(`It did not stop well: ${syncd.output}`);
  const complaints = syncd.log.filter(({ msg }) => /maintenance failed|cannot be|lost|failed/.test(msg));
  if (complaints.length > 0) throw new Error(JSON.stringify(complaints));
}

/** Blanks an old row, deletes an older one, and drops past months. */
async function retain(ask: Ask): Promise<readonly unknown[]> {
  await ask("alter table talkme.attempt detach partition talkme.attempt_default");
  await ask(`create table talkme.attempt_2001_01 partition of talkme.attempt
    for values from ('2001-01-01 00:00:00+00') to ('2001-02-01 00:00:00+00')`);
  await ask("alter table talkme.attempt attach partition talkme.attempt_default default");
  await ask(
    `insert into talkme.outbox (numero_dest, id_campanha) values ('11911110000', 6), ('11911110001', 6)`,
  );
  await ask(`update talkme.outbox set status = 'sent', finished_at = now() - interval '1 day' * case numero_dest
    when '11911110000' then 100 else 500 end where numero_dest like '1191111000_'`);
  await ask(
    "update talkme.retention_progress set ended_at = null, walked_to = '-infinity', walked_to_id = 0",
  );
  const done: unknown[] = [];
  for (let batch = 0; batch < 20; batch += 1) {
    const [row] = await ask(
      "select blanked, deleted, partitions, refused, did, more from talkme.apply_retention()",
    );
    done.push(row);
  }
  return done;
}

/** The time as text in UTC, whatever the database's zone. */
async function partitions(databaseUrl: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: databaseUrl, options: "-c timezone=UTC -c datestyle=ISO" });
  await client.connect();
  try {
    const { rows } = await client.query(`
      select c.relname, pg_get_expr(c.relpartbound, c.oid) as bound from pg_inherits as i
      join pg_class as c on c.oid = i.inhrelid where i.inhparent = 'talkme.attempt'::regclass order by 1`);
    return rows;
  } finally {
    await client.end();
  }
}

async function command(args: readonly string[], databaseUrl: string): Promise<string> {
  const { code, out, err } = await runHere(args, { TALKME_DATABASE_URL: databaseUrl });
  if (code !== 0) throw new Error(`syncd ${args.join(" ")} exits with ${code}: ${err}`);
  return out;
}

/** Times depend on the session's zone and on this run: their format is compared, not their value. */
function withoutTimes(values: readonly unknown[]): readonly unknown[] {
  const text = JSON.stringify(values)
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d(:\d\d)?/g, "TIME")
    // From a key that each database makes for itself.
    .replaceAll(/#[0-9a-f]{32}/g, "HASH")
    .replaceAll(/reference \d+/g, "reference")
    // Because of quote_all_identifiers.
    .replaceAll(String.raw`\"`, "");
  return JSON.parse(text);
}
