import { expect, test } from "vitest";

import { promtool, Prometheus } from "./support/prometheus.ts";
import { Stage } from "./support/stage.ts";

test("Prometheus scrapes it without an error and sees what was sent", async (context) => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await stage.reaches(await stage.insert("11988887777"), "sent");
  const prometheus = await Prometheus.open(context, { syncd: [new URL(await syncd.http()).host] });

  await expect
    .poll(() => prometheus.query('sum(talkme_send_attempts_total{outcome="accepted"})'))
    .toMatchObject([{ value: [expect.any(Number), "1"] }]);
  expect(await prometheus.query('talkme_outbox_rows{status="sent"}')).toMatchObject([
    { metric: { job: "syncd" }, value: [expect.any(Number), "1"] },
  ]);
  expect(await prometheus.query("up == 1")).toHaveLength(1);
  expect(await prometheus.scrapeErrors()).toEqual([""]);
});

test("promtool finds no fault in any metric", async (context) => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await stage.reaches(await stage.insert("11988887777"), "sent");
  const metrics = await (await fetch(`${await syncd.http()}/metrics`)).text();

  expect(await promtool(context, ["check", "metrics"], metrics)).toEqual({ code: 0, out: "", err: "" });
  // It does find faults.
  const wrong = await promtool(context, ["check", "metrics"], "# TYPE requests counter\nrequests 1\n");
  expect(wrong.code).not.toBe(0);
});
