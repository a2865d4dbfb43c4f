import { installedVersions, startEmbeddedServer } from "@talkme/test-postgres";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { createDaemonLogin } from "./support/daemon-login.ts";
import { openDatabaseIn } from "./support/database-in-encoding.ts";
import { configFile } from "./support/config-file.ts";
import { startScriptedApi } from "./support/scripted-api.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";
import { insertUnchecked, type Columns } from "./support/unchecked-rows.ts";

/** PostgreSQL's code of a statement that was cancelled. */
const timedOut = "57014";
const roomForAll = { TALKME_CONCURRENCY: "500" };

function numberOf(kind: 1 | 2, i: number): string {
  return `119888${kind}${String(i).padStart(4, "0")}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Each bad row with a good neighbour behind it, in one lane unless the bad row says otherwise. */
function amongGoodRows(bad: readonly Columns[]): readonly Columns[] {
  return bad.flatMap((columns, i) => [
    { numero_dest: quoted(numberOf(2, i)), id_campanha: "1", ...columns },
    { numero_dest: quoted(numberOf(1, i)), id_campanha: "1" },
  ]);
}

/** Until the account has sent something, it gets one or two rows at a time; then every slot. */
async function warmUp(stage: Stage): Promise<void> {
  await stage.reaches(await stage.insert("11988887777"), "sent");
}

/** Bad rows make no statement fail. One that a busy machine keeps from ending in time is divided, whatever its rows are. */
async function expectNeighboursSentInOneStatement(
  stage: Stage,
  syncd: Syncd,
  neighbours: number,
): Promise<void> {
  const mine = "numero_dest like '1198881%'";
  await expect.poll(() => stage.count(`${mine} and status = 'sent'`)).toBe(neighbours);
  const failures = syncd.log.filter(({ msg }) => msg === "a turn failed: its rows are tried one by one");
  expect(failures.map(({ sql_state: code }) => code).filter((code) => code !== timedOut)).toEqual([]);
  if (failures.length > 0) return;
  expect(await stage.sql(`select count(distinct claimed_at) from talkme.outbox where ${mine}`)).toEqual([
    { count: "1" },
  ]);
}

interface Case {
  readonly columns: Columns;
  readonly status: "sent" | "failed" | "expired";
  readonly code: string | null;
}

function failing(code: string, columns: Columns): Case {
  return { columns, status: "failed", code };
}

function sent(columns: Columns): Case {
  return { columns, status: "sent", code: null };
}

const oddRows: Readonly<Record<string, Case>> = {
  // As a double, 9007199254740993 is another campaign.
  "a campaign that a double does not hold": failing("invalid_message", { id_campanha: "9007199254740993" }),
  "the last campaign of all": failing("invalid_message", { id_campanha: "9223372036854775807" }),
  "a channel that a double does not hold": failing("invalid_message", { id_wpp: "9007199254740993" }),
  "a negative campaign": failing("invalid_message", { id_campanha: "-1" }),
  "no target": failing("missing_target", { id_campanha: "null" }),
  "no recipient": failing("missing_recipient", { numero_dest: "''" }),
  "a number of a megabyte": failing("invalid_phone", { numero_dest: "repeat('9', 1000000)" }),
  "a number of blanks": failing("invalid_phone_length", { numero_dest: "repeat(' ', 1000000) || '1'" }),
  "an address of a megabyte": failing("invalid_email", { email_dest: "repeat('a@', 500000)" }),
  "a text of a megabyte": failing("request_rejected", { txtmsg: "repeat('x', 1000000)" }),
  "a subject of two lines": failing("wrong_method", { assunto: "E'a\\nb'" }),
  "a variable of two megabytes": failing("request_rejected", {
    info_contato: "jsonb_build_object('nome', repeat('x', 2000000))",
  }),
  "a variable that only the API could refuse for its length": sent({
    info_contato: "jsonb_build_object('nome', repeat('x', 900000))",
  }),
  "variables that are a number": failing("invalid_message", { info_contato: "'5'" }),
  "variables that are a list": failing("invalid_message", { info_contato: "'[1]'" }),
  "variables nested without end": failing("invalid_message", {
    info_contato: "(repeat('[', 5000) || repeat(']', 5000))::jsonb",
  }),
  "variables that are JSON's null": sent({ info_contato: "'null'" }),
  "a variable that is null": failing("invalid_message", { info_contato: `'{"nome":null}'` }),
  "a variable that is a number": failing("invalid_message", { info_contato: `'{"nome":1e400}'` }),
  "a variable called __proto__": failing("unknown_field", { info_contato: `'{"__proto__":{"nome":"x"}}'` }),
  "variables called as methods are": failing("unknown_field", {
    info_contato: `'{"toString":"x","hasOwnProperty":"y"}'`,
  }),
  "no attempts at all": sent({ max_attempts: "0" }),
  "fewer than no attempts": sent({ max_attempts: "-5", attempts: "-3" }),
  "an on_unknown that nobody knows": sent({ on_unknown: "'xyz'" }),
  "an expiry before all time": { columns: { expires_at: "'-infinity'" }, status: "expired", code: "expired" },
  "an expiry after all time": sent({ expires_at: "'infinity'" }),
};

test("a row that the insert checks would have refused ends, and the others of its statement are sent", async () => {
  const stage = await Stage.open();
  const syncd = stage.run(roomForAll);
  await warmUp(stage);
  const cases = Object.entries(oddRows);

  const ids = await insertUnchecked(
    stage.databaseUrl,
    amongGoodRows(cases.map(([, { columns }]) => columns)),
  );

  await expectNeighboursSentInOneStatement(stage, syncd, cases.length);
  for (const [i, [what, { status, code }]] of cases.entries()) {
    const row = await stage.reaches(ids[2 * i] ?? "", status);
    expect.soft({ what, code: row["error_code"] }).toEqual({ what, code });
    expect.soft(row["error"] ?? "", what).not.toContain("native code");
  }
  const campaigns = stage.simulator.ledger.entries().map(({ idCampanha, idWpp }) => ({ idCampanha, idWpp }));
  expect(campaigns.filter(({ idCampanha, idWpp }) => idCampanha !== 1 || idWpp !== null)).toEqual([]);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
});

describe("a row that cannot be claimed normally", () => {
  test.each<[string, Columns]>([
    ["send_at of minus infinity", { send_at: "'-infinity'" }],
    ["send_at before the first telephone", { send_at: "'1600-01-01'" }],
    ["as many attempts as an integer holds", { attempts: "2147483647" }],
    ["as many claims as an integer holds", { fence: "2147483647" }],
  ])("for its %s is sent or fails, and holds nobody up", async (_what, columns) => {
    const stage = await Stage.open();
    const [bad = ""] = await insertUnchecked(stage.databaseUrl, amongGoodRows([columns, {}, {}]));
    const other = await stage.insert("11988887778", "id_wpp", "7");
    stage.run();

    await stage.reaches(other, "sent");
    await expect.poll(() => stage.count("status = 'sent'")).toBeGreaterThanOrEqual(6);
    await expect.poll(async () => (await stage.row(bad))["status"]).toMatch(/sent|failed/);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
  });

  test.each(["default/x", "/", `a'"\\b`])(
    "because of its account %j waits as for any unconfigured account, and holds up no other",
    async (account) => {
      const stage = await Stage.open();
      const [stranger = ""] = await insertUnchecked(
        stage.databaseUrl,
        amongGoodRows([{ account: quoted(account) }, {}, {}]),
      );
      const other = await stage.insert("11988887778", "id_wpp", "7");
      const syncd = stage.run();

      await stage.reaches(other, "sent");
      await expect.poll(() => stage.count("status = 'sent'")).toBe(6);
      expect(await stage.row(stranger)).toMatchObject({ status: "pending", attempts: 0, fence: 0 });
      expect(await syncd.logged("rows wait for accounts that are not configured here")).toMatchObject({
        accounts: [account],
      });
      expect(syncd.log.filter(({ level }) => level === "error")).toEqual([]);
    },
  );

  test("because its text is not in its declared encoding fails, and the others of its lane are sent", async () => {
    const databaseUrl = await openDatabaseIn("SQL_ASCII");
    const notUtf8 = "convert_from('\\x4f6ce1', 'SQL_ASCII')";
    const stage = await Stage.open();
    const outbox = await connect(databaseUrl);
    // PostgreSQL refuses to hand such text to a client that asked for UTF8, as node-postgres does.
    await outbox.query("set client_encoding = 'SQL_ASCII'");
    const [bad = ""] = await insertUnchecked(databaseUrl, amongGoodRows([{ txtmsg: notUtf8 }, {}, {}]));
    Syncd.run(databaseUrl, stage.simulator.url);

    const statuses = async (): Promise<unknown> =>
      (
        await outbox.query(
          `select status, count(*)::integer from talkme.outbox where id <> ${bad} group by status`,
        )
      ).rows;
    await expect.poll(statuses).toEqual([{ status: "sent", count: 5 }]);
    const bads = await outbox.query(`select status from talkme.outbox where id = ${bad}`);
    expect(bads.rows).toEqual([{ status: "failed" }]);
    expect(stage.simulator.ledger.byNumero(numberOf(2, 0))).toEqual([]);
  });
});

// Before PostgreSQL 17, subtracting an infinite time is an error; in a look at the queue it would stop everything.
test.each(installedVersions())(
  "a row with an infinite send_at holds up no other on PostgreSQL $version",
  async ({ folder }) => {
    const server = await startEmbeddedServer({ binariesFolder: folder, inMemory: true });
    onTestFinished(() => server.remove());
    await Syncd.command(["migrate"], { TALKME_DATABASE_URL: server.url });
    await createDaemonLogin(server.url);
    const stage = await Stage.open();
    const outbox = await connect(server.url);
    const infinite = [{ send_at: "'infinity'" }, { send_at: "'-infinity'" }];
    await insertUnchecked(server.url, amongGoodRows(infinite));
    Syncd.run(server.url, stage.simulator.url);

    const good = `select count(*)::integer from talkme.outbox where numero_dest like '1198881%' and status = 'sent'`;
    await expect.poll(async () => (await outbox.query(good)).rows).toEqual([{ count: infinite.length }]);
  },
);

describe("an answer that is hard to store", () => {
  const tooDeep = 32_000;
  test("settles its row truthfully, and the others of the statement too", async () => {
    const stage = await Stage.open();
    const cases = [
      { status: "unknown", code: "response_not_text", answer: { body: "100000000001\0\0" } },
      { status: "sent", code: null, answer: { body: '{"protocolo":"12\\u0000345"}' } },
      {
        status: "unknown",
        code: "response_unrecognized",
        answer: { body: Buffer.from([0xff, 0xfe, 0x4f, 0x4b]) },
      },
      {
        status: "unknown",
        code: "response_unrecognized",
        answer: { body: Buffer.from([0x31, 0xed, 0xa0, 0x80, 0x31]) },
      },
      { status: "sent", code: null, answer: { body: '{"id":"\\ud800456"}' } },
      { status: "failed", code: "rejected_by_api", answer: { body: '{"erro":"\\udc00"}' } },
      { status: "unknown", code: "response_unrecognized", answer: { body: `${"x".repeat(2047)}😀` } },
      {
        status: "unknown",
        code: "response_too_long",
        answer: { body: `100000000001 ${"x".repeat(20_000_000)}` },
      },
      { status: "unknown", code: "response_unrecognized", answer: { body: "1".repeat(60_000) } },
      { status: "unknown", code: "response_unrecognized", answer: { body: '{"id":1e999}' } },
      {
        status: "unknown",
        code: "response_unrecognized",
        answer: { body: "[".repeat(tooDeep) + "]".repeat(tooDeep) },
      },
      { status: "unknown", code: "response_unrecognized", answer: { body: `[${"{},".repeat(20_000)}{}]` } },
      { status: "unknown", code: "response_unrecognized", answer: { status: 999, body: "100000000001" } },
      {
        status: "pending",
        code: "rate_limited",
        answer: { status: 429, headers: { "retry-after": "9".repeat(300) }, body: "" },
      },
    ] as const;
    const answers = Object.fromEntries(cases.map(({ answer }, i) => [numberOf(2, i), answer]));
    const api = await startScriptedApi(answers);
    const config = configFile("circuit: { run_to_open: 1000 }");
    const syncd = Syncd.run(stage.databaseUrl, api.url, { ...roomForAll, TALKME_CONFIG: config });
    await warmUp(stage);

    const ids = await insertUnchecked(stage.databaseUrl, amongGoodRows(cases.map(() => ({}))));

    await expectNeighboursSentInOneStatement(stage, syncd, cases.length);
    await expect.poll(() => stage.count("status = 'sending'")).toBe(0);
    for (const [i, { status, code }] of cases.entries()) {
      const row = await stage.row(ids[2 * i] ?? "");
      expect.soft({ i, status: row["status"], code: row["error_code"] }).toEqual({ i, status, code });
    }
    expect(new Set(api.numbers).size).toBe(api.numbers.length);
    expect(syncd.log.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("because the database's encoding lacks its characters still settles its row", async () => {
    const databaseUrl = await openDatabaseIn("LATIN1");
    const api = await startScriptedApi({
      [numberOf(2, 0)]: { body: '{"protocolo":"100000000001","nome":"Olá 😀"}' },
      [numberOf(2, 1)]: { body: '{"erro":"😀 não"}' },
      [numberOf(2, 2)]: { status: 503, body: "😀" },
    });
    const outbox = await connect(databaseUrl);
    const ids = await insertUnchecked(
      databaseUrl,
      amongGoodRows([{ txtmsg: "'Olá'" }, { txtmsg: "'ação'" }, {}]),
    );
    Syncd.run(databaseUrl, api.url, { TALKME_MAX_ATTEMPTS: "1" });

    const unfinished = async (): Promise<unknown> =>
      (await outbox.query("select id from talkme.outbox where finished_at is null")).rows;
    await expect.poll(unfinished).toEqual([]);
    const rows = await outbox.query<{ id: string }>(
      "select id, status, attempts, http_status, error_code, error from talkme.outbox",
    );
    const byId = new Map(rows.rows.map((row) => [row.id, row]));
    expect(ids.map((id) => byId.get(id))).toMatchObject([
      // docs/sql.md: error_code and error are null once a row is sent.
      { status: "sent", http_status: 200, error_code: null, error: null },
      { status: "sent" },
      {
        status: "failed",
        error_code: "rejected_by_api",
        error: expect.stringContaining("reports a failure"),
      },
      { status: "sent" },
      { status: "failed", error_code: "service_unavailable", error: expect.stringContaining("Gave up") },
      { status: "sent" },
    ]);
    const recorded = await outbox.query("select count(*)::integer from talkme.attempt");
    expect(recorded.rows).toEqual([{ count: 6 }]);
    expect(api.numbers.toSorted()).toEqual([...new Set(api.numbers)].toSorted());
  });
});

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test("an answer that a customer's trigger refuses leaves its row unknown, and its neighbours are sent", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    create function refuse_sent() returns trigger language plpgsql as $$
    begin
      if new.status = 'sent' and new.numero_dest = '11988887770' then raise exception 'not in my shop'; end if;
      return new;
    end $$;
    create trigger refuse_sent before update on talkme.outbox for each row execute function refuse_sent()`);
  const refused = await stage.insert("11988887770");
  const neighbours = [await stage.insert("11988887771"), await stage.insert("11988887772")];
  const syncd = stage.run();

  for (const id of neighbours) await stage.reaches(id, "sent");
  expect(await stage.reaches(refused, "unknown")).toMatchObject({
    error_code: "answer_refused",
    error: "The row was to become sent, which a trigger or constraint of the database refuses.",
  });
  expect(stage.simulator.ledger.size).toBe(3);
  syncd.signal("SIGTERM");
  expect(await syncd.exit()).toBe(0);
});
