import { Client } from "pg";
import { describe, expect, test } from "vitest";

import { filledRows } from "../src/rows/console-data.ts";
import { DemoProcess, isRunning } from "./support/demo-process.ts";

/** Enough to start several servers on a machine busy with other tests. */
const patienceMs = 90_000;

const expectedTable = `
#  what the row shows              status   attempts  reference or error_code  requests  accepted
─  ──────────────────────────────  ───────  ────────  ───────────────────────  ────────  ────────
1  a template with variables       sent            1  100000000001                    1         1
2  a template without variables    sent            1  100000000002                    1         1
3  a message for tomorrow          pending         0                                  0         0
4  a message that comes too late   expired         0  expired                         0         0
5  an API that is busy at first    sent            2  100000000003                    2         1
6  a number that could be two      failed          0  ambiguous_phone                 0         0
7  a variable that is missing      failed          1  not_found                       1         0
8  a campaign that does not exist  failed          1  rejected_by_api                 1         0
9  an answer that got lost         unknown         1  connection_lost                 1         1
`;

/** What `--serve` prints of a row that was inserted as the nth, the console's data apart. */
function rowLine(nth: number, rest: string): RegExp {
  return new RegExp(`^row ${filledRows + nth} {2}${rest}`, "m");
}

test(
  "every kind of row ends as it should, and the demonstration exits with 0 and leaves nothing behind",
  { timeout: patienceMs },
  async () => {
    const demo = await DemoProcess.start();

    expect(await demo.ended()).toEqual({ exitCode: 0, err: "" });
    expect(demo.out).toContain(expectedTable);
    expect(demo.out).toContain("ERROR:  info_contato has variables that Talk.me does not know: name\n");
    expect(demo.out).toContain("INSERT 0 0");
    expect(demo.out).toContain("exited with 0");
    expect(demo.out).toContain("none was lost, none came twice.");
    expect(demo.out.trimEnd().split("\n").at(-1)).toContain("README.md");
    expect(demo.out, "no colours and no moving cursor without a terminal").not.toContain("\u001B");
    expect(demo.out.split("\n").filter((line) => line.length > 100)).toEqual([]);
    expect(await demo.leftFiles()).toEqual([]);
  },
);

test(
  "--serve executes statements and shortcuts, shows what becomes of the rows, and Ctrl-C stops everything with exit 0",
  { timeout: patienceMs },
  async () => {
    const demo = await DemoProcess.start("--serve");
    await demo.printed(/Ctrl-C stops everything/);
    const [databaseUrl] = await demo.printed(/postgresql:\/\/\S+/);
    const [metricsUrl] = await demo.printed(/http:\/\/\S+\/metrics/);
    const [ledgerUrl] = await demo.printed(/http:\/\/\S+\/ledger/);
    const [, pid = ""] = await demo.printed(/as process (\d+)/);
    const [insert] = await demo.printed(/insert into[^;]+\('11988887777', 102\);/);

    demo.type(`${insert}\n`);
    await demo.printed(/^INSERT 0 1$/m);
    await demo.printed(rowLine(12, "sent {6}accepted by Talk.me as 100000000005, .* after the insert$"));
    demo.type("insert\nabroad\nlook\n");
    await demo.printed(rowLine(14, "sent"));
    await demo.printed(/\(10 rows\)/);
    demo.type("insert into talkme.outbox (numero_dest, id_campanha) values ('20988887777', 102);\n");
    await demo.printed(/^ERROR: {2}.*20/m);
    demo.type("update talkme.outbox set status = 'sent';\nexplain 3\nexplain three\n");
    await demo.printed(/^ERROR: {2}permission denied/m);
    await demo.printed(/^ERROR: {2}expected the id of a row/m);

    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(insert);
    await client.end();
    await demo.printed(rowLine(16, "sent"));
    expect(await (await fetch(ledgerUrl)).json()).toMatchObject({ size: 8 });
    expect(await (await fetch(metricsUrl)).text()).toMatch(/^talkme_outbox_rows\{status="sent"\} \d+$/m);

    demo.kill("SIGINT");
    expect(await demo.ended()).toEqual({ exitCode: 0, err: "" });
    expect(demo.out).toContain("exited with 0");
    expect(demo.out.trimEnd().split("\n").at(-1)).toContain("README.md");
    expect(isRunning(Number(pid))).toBe(false);
    expect(await demo.leftFiles()).toEqual([]);
  },
);

test(
  "--serve says when and why rows stop being sent, and what to do about it",
  { timeout: patienceMs },
  async () => {
    const demo = await DemoProcess.start("--serve");
    await demo.printed(/Ctrl-C stops everything/);

    const insert = "insert into talkme.outbox (numero_dest, id_campanha) values";
    demo.type(`${insert} ('11988887001', 555), ('11988887002', 556);\n`);
    await demo.printed(/^! circuit opened: the account's rows wait$/m);
    await demo.printed(/select talkme\.resume\('account:default'\)/);
    demo.type(`${insert} ('11988887003', 102);\n`);
    await demo.printed(rowLine(14, "pending {3}.*circuit"));
    demo.type("resume\n");
    await demo.printed(rowLine(14, "sent"));
    await demo.printed(/^! circuit closed: the account sends again$/m);

    demo.type("quit\n");
    expect(await demo.ended()).toEqual({ exitCode: 0, err: "" });
    expect(await demo.leftFiles()).toEqual([]);
  },
);

describe("an early end leaves nothing behind:", () => {
  test("SIGTERM while rows are being sent", { timeout: patienceMs }, async () => {
    const demo = await DemoProcess.start();
    const [, pid = ""] = await demo.printed(/as process (\d+)/);
    await demo.printed(/retried in/);

    demo.kill("SIGTERM");

    expect(await demo.ended()).toEqual({ exitCode: 143, err: expect.stringContaining("SIGTERM") });
    expect(isRunning(Number(pid))).toBe(false);
    expect(await demo.leftFiles()).toEqual([]);
  });

  test("SIGINT while PostgreSQL is being started", { timeout: patienceMs }, async () => {
    const demo = await DemoProcess.start();
    await demo.printed(/Nothing is sent to anyone/);

    demo.kill("SIGINT");

    expect(await demo.ended()).toEqual({ exitCode: 130, err: expect.stringContaining("SIGINT") });
    expect(await demo.leftFiles()).toEqual([]);
  });

  test("the daemon dies", { timeout: patienceMs }, async () => {
    const demo = await DemoProcess.start("--serve");
    const [, pid = ""] = await demo.printed(/as process (\d+)/);
    await demo.printed(/Ctrl-C stops everything/);

    process.kill(Number(pid), "SIGKILL");

    const err: unknown = expect.stringContaining("syncd run ended by itself (SIGKILL)");
    expect(await demo.ended()).toEqual({ exitCode: 1, err });
    expect(await demo.leftFiles()).toEqual([]);
  });

  test("the reader of its output goes away", { timeout: patienceMs }, async () => {
    const demo = await DemoProcess.start();
    const [, pid = ""] = await demo.printed(/as process (\d+)/);

    demo.closeOutput();

    expect(await demo.ended()).toEqual({ exitCode: 1, err: "" });
    expect(isRunning(Number(pid))).toBe(false);
    expect(await demo.leftFiles()).toEqual([]);
  });
});

test("--help explains and starts nothing", async () => {
  const demo = await DemoProcess.start("--help");
  expect(await demo.ended()).toEqual({ exitCode: 0, err: "" });
  expect(demo.out).toContain("--serve");
});

test("an unknown argument is refused with exit 2", async () => {
  const demo = await DemoProcess.start("--sevre");
  expect(await demo.ended()).toEqual({ exitCode: 2, err: expect.stringContaining("--sevre") });
  expect(demo.out).toBe("");
});
