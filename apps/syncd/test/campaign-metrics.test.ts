import { expect, test } from "vitest";

import { scrape } from "./support/scrape.ts";
import { Stage } from "./support/stage.ts";

/** The series of `talkme_campaign_*`, by metric and labels. */
async function seriesOf(syncd: Parameters<typeof scrape>[0]): Promise<ReadonlyMap<string, number>> {
  const all = await scrape(syncd);
  return new Map([...all].filter(([name]) => name.startsWith("talkme_campaign_")));
}

test("registered campaigns have metrics of their own, all other rows are added up, and names never appear", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    insert into talkme.campaign (id_campanha, name, active) values (1, 'Segredo de Natal', true), (3, 'Velha', false)`);
  stage.faults({ match: { idCampanha: 1, first: 1 }, do: { kind: "status", status: 500 } });
  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha, send_at)
    select '119' || (70000000 + i), 1, now() + case when i > 5 then interval '1 day' else interval '0' end from generate_series(1, 9) as i`);
  await stage.insertMany(7, 2);
  const syncd = stage.run();
  await expect.poll(() => stage.count("status in ('sent', 'unknown')")).toBe(7);

  const one = 'account="default",campaign="1"';
  const other = 'account="",campaign="other"';
  await expect
    .poll(async () => (await seriesOf(syncd)).get(`talkme_campaign_rows{${other},status="sent"}`), {
      timeout: 20_000,
    })
    .toBe(2);
  const series = await seriesOf(syncd);
  expect(series.get(`talkme_campaign_rows{${one},status="sent"}`)).toBe(4);
  expect(series.get(`talkme_campaign_rows{${one},status="unknown"}`)).toBe(1);
  expect(series.get(`talkme_campaign_rows{${one},status="pending"}`)).toBe(4);
  expect(series.get(`talkme_campaign_due_rows{${one}}`)).toBe(0);
  expect(series.get(`talkme_campaign_sent_per_second{${one}}`)).toBeGreaterThan(0);
  expect(series.get(`talkme_campaign_expected_end_timestamp_seconds{${one}}`)).toBeGreaterThan(
    Date.now() / 1000 + 80_000,
  );
  expect(series.get('talkme_campaign_stopped{account="default",campaign="3",reason="pause"}')).toBe(1);
  // The campaigns 1, 3 and other, with thirteen series each.
  expect(series.size).toBe(39);
  expect([...series.keys()].join("\n")).not.toMatch(/Segredo|Velha/);
});

test("ten thousand registered campaigns make no more series than fifty", async () => {
  const stage = await Stage.open();
  await stage.sql(
    "insert into talkme.campaign (id_campanha, name) select i, 'c' from generate_series(1, 10000) as i",
  );
  const syncd = stage.run();
  const series = await seriesOf(syncd);
  expect(series.size).toBe(51 * 13);
  expect(series.has('talkme_campaign_due_rows{account="default",campaign="9951"}')).toBe(true);
  expect(series.has('talkme_campaign_due_rows{account="default",campaign="9950"}')).toBe(false);
});
