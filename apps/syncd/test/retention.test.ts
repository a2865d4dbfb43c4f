import { memberUrl } from "@talkme/test-postgres";
import { describe, expect, test } from "vitest";

import { maintenanceTasks } from "../src/maintenance/maintenance.ts";
import { configFile } from "./support/config-file.ts";
import { scrape } from "./support/scrape.ts";
import { Stage } from "./support/stage.ts";
import { Syncd, environmentFor } from "./support/syncd.ts";

const rules = "retention: { default: { blank_after_days: 90, delete_after_days: 400 } }";

/** Inserts rows that were sent that many days ago. */
async function sentDaysAgo(stage: Stage, days: number, count: number): Promise<void> {
  await stage.sql(
    `insert into talkme.outbox (numero_dest, id_campanha) select '11988887777', 1 from generate_series(1, ${count})`,
  );
  await stage.sql(`
    update talkme.outbox set status = 'sent', finished_at = now() - interval '${days} days' where status = 'pending'`);
}

describe("an account's rule in the YAML file", () => {
  test("is applied to its rows, counted and logged by whichever of two instances does it", async () => {
    const stage = await Stage.open();
    await sentDaysAgo(stage, 10, 3);
    await sentDaysAgo(stage, 100, 2500);
    await sentDaysAgo(stage, 500, 1500);
    const settings = { TALKME_CONFIG: configFile(`${rules}\nwindows: { default: "sun-sat 0-24" }`) };
    const instances = [stage.run(settings), stage.run(settings)];

    await expect.poll(() => stage.count("blanked_at is not null")).toBe(2500);
    await expect.poll(() => stage.count("true")).toBe(2503);
    await expect
      .poll(async () => {
        const scrapes = await Promise.all(instances.map(scrape));
        return ["blanked", "deleted"].map((action) =>
          scrapes.reduce(
            (sum, one) => sum + (one.get(`talkme_retention_rows_total{action="${action}"}`) ?? NaN),
            0,
          ),
        );
      })
      .toEqual([2500, 1500]);
    const lines = (): readonly Record<string, unknown>[] =>
      instances.flatMap(({ log }) => log.filter(({ msg }) => msg === "removed rows past their retention"));
    await expect
      .poll(() => lines().reduce((sum, line) => sum + Number(line["blanked"]) + Number(line["deleted"]), 0))
      .toBe(4000);
    expect(await stage.sql("select account, sending_window, retention::text from talkme.account")).toEqual([
      { account: "default", sending_window: "sun-sat 0-24", retention: "90 days" },
    ]);
    expect(await stage.sql("select action, rows from talkme.audit")).toHaveLength(1);
  });

  test("touches nothing it does not name, and without a rule nothing is removed", async () => {
    const stage = await Stage.open();
    await stage.sql("insert into talkme.account (account, recipient_gap) values ('default', '1 hour')");
    await sentDaysAgo(stage, 5000, 3);
    const syncd = stage.run();
    await syncd.logged("sending");
    await expect
      .poll(
        async () =>
          (await stage.sql("select from talkme.retention_progress where ended_at is not null")).length,
      )
      .toBe(1);
    expect(await stage.count("blanked_at is null")).toBe(3);
    expect((await scrape(syncd)).get('talkme_retention_rows_total{action="deleted"}')).toBe(0);
    syncd.signal("SIGKILL");

    await stage.run({ TALKME_CONFIG: configFile(rules) }).logged("wrote settings into talkme.account");
    expect(await stage.sql("select recipient_gap::text, delete_after::text from talkme.account")).toEqual([
      { recipient_gap: "01:00:00", delete_after: "400 days" },
    ]);
  });

  test.each([
    [
      "a window that is none",
      'windows: { default: "mon-fri 19-9" }',
      '"mon-fri 19-9" is not a valid sending window',
    ],
    [
      "an account that is none",
      "windows: { vendsa: mon 9-19 }",
      "windows.vendsa: the account vendsa is not configured",
    ],
    [
      "days upside down",
      "retention: { default: { blank_after_days: 9, delete_after_days: 1 } }",
      "delete_after_days is less",
    ],
    ["half a day", "retention: { default: { blank_after_days: 0.5 } }", "retention.default.blank_after_days"],
  ])("ends the program with 78 and says what is wrong: %s", async (_, yaml, says) => {
    const environment = environmentFor("postgresql://127.0.0.1:9/none", "http://127.0.0.1:9");
    const { code, err } = await Syncd.command(["run"], { ...environment, TALKME_CONFIG: configFile(yaml) });
    expect(code).toBe(78);
    expect(err).toContain(says);
  });

  test("ends the program with 78 when it contradicts the database", async () => {
    const stage = await Stage.open();
    await stage.sql("insert into talkme.account (account, delete_after) values ('default', '30 days')");
    const yaml = configFile("retention: { default: { blank_after_days: 90 } }");
    const { code, err } = await Syncd.command(["run"], {
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_CONFIG: yaml,
    });
    expect(code).toBe(78);
    expect(err).toContain("delete_after 30 days does not fit retention 90 days");
  });
});

test("a file that removes rows sooner than the floor allows is refused by run and check, and removes nothing", async () => {
  const stage = await Stage.open();
  await sentDaysAgo(stage, 10, 3);
  const environment = {
    ...environmentFor(await memberUrl(stage.databaseUrl, "talkme_daemon"), stage.simulator.url),
    TALKME_CONFIG: configFile("retention: { default: { blank_after_days: 3, delete_after_days: 3 } }"),
  };
  for (const command of ["run", "check"]) {
    const { code, out, err } = await Syncd.command([command], environment);
    expect([command, code]).toEqual([command, 78]);
    expect(out + err).toContain("is not in days, or less than 30 days, the shortest that syncd may set");
  }
  expect(await stage.count("blanked_at is null")).toBe(3);
  expect(await stage.sql("select from talkme.account")).toEqual([]);
});

test("a person forgotten while their message is on the wire leaves no trace, and the row ends", async () => {
  const stage = await Stage.open();
  stage.faults({ do: { kind: "latency", ms: 3000, jitterMs: 0 } });
  stage.run();
  const id = await stage.insert("11988887777", "info_contato", `'{"nome":"Fulano de tal"}'`);
  await stage.reaches(id, "sending");
  await expect.poll(() => stage.simulator.requests).toBe(1);

  const [said] = await stage.sql("select talkme.forget('+55 11 8888-7777')");
  expect(String(said?.["forget"])).toContain("1 on the wire");

  expect(await stage.reaches(id, "sent")).toMatchObject({
    numero_dest: null,
    info_contato: null,
    response: null,
    reference: null,
    error: null,
  });
  expect(await stage.sql("select reference, error from talkme.attempt")).toEqual([
    { reference: null, error: null },
  ]);
});

describe("maintenance", () => {
  test("counts rows that it cannot remove, and reports when each task last succeeded", async () => {
    const stage = await Stage.open();
    await sentDaysAgo(stage, 500, 3);
    await stage.sql(`
      create table public.message (outbox_id bigint references talkme.outbox (id));
      insert into public.message select min(id) from talkme.outbox;`);
    const startedAt = Date.now() / 1000;
    const syncd = stage.run({ TALKME_CONFIG: configFile(rules) });
    await expect.poll(() => stage.count("true"), { timeout: 20_000 }).toBe(1);
    await expect
      .poll(async () => (await scrape(syncd)).get('talkme_retention_rows_total{action="refused"}'))
      .toBe(1);
    const succeededAt = async (task: string): Promise<number | undefined> =>
      (await scrape(syncd)).get(`talkme_maintenance_last_success_timestamp_seconds{task="${task}"}`);
    for (const task of maintenanceTasks) {
      await expect.poll(() => succeededAt(task), { timeout: 20_000 }).toBeGreaterThanOrEqual(startedAt - 1);
    }
  });

  test("that fails leaves the time of its last success unchanged", async () => {
    const stage = await Stage.open();
    await stage.sql(`
      create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger refuse before update on talkme.retention_progress execute function public.refuse();
      create trigger refuse_too before insert on talkme.retention_progress execute function public.refuse();`);
    const syncd = stage.run({ TALKME_CONFIG: configFile(rules) });
    await syncd.logged("maintenance failed");
    const metrics = await scrape(syncd);
    expect(metrics.get('talkme_maintenance_last_success_timestamp_seconds{task="remove old data"}')).toBe(0);
  });
});
