import { Client } from "pg";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { everyMetric } from "../scripts/metrics-page.ts";
import { queriesOf, readDashboard } from "./support/dashboard.ts";
import { metricsIn } from "./support/metrics-in.ts";
import { Prometheus } from "./support/prometheus.ts";
import { Stage } from "./support/stage.ts";

const dashboard = await readDashboard();
const queries = queriesOf(dashboard);

/** Metrics that every instance reads from the same table: a sum would multiply them by the number of instances. */
const ofTheTable =
  /talkme_(?:outbox_\w+|campaign_\w+|table_\w+|oldest_snapshot_\w+|instances|circuit_open|account_throttled|circuit_transitions_total|rate_limit_per_second)/;

/** Inserts rows until the test ends: an idle daemon has no quantiles. */
function keepInserting(stage: Stage): void {
  let campaign = 0;
  const timer = setInterval(() => void stage.insertMany((campaign += 1), 10).catch(() => "It is over."), 250);
  onTestFinished(() => clearInterval(timer));
}

describe("the shipped dashboard", () => {
  test("every panel shows data while two instances work", { timeout: 120_000 }, async (context) => {
    const stage = await Stage.open();
    const settings = { TALKME_RATE_PER_SECOND: "500", TALKME_LOG_LEVEL: "info" };
    const both = [stage.run(settings), stage.run(settings)];
    const hosts = await Promise.all(both.map(async (syncd) => new URL(await syncd.http()).host));
    const prometheus = await Prometheus.open(context, { syncd: hosts });
    const dump = new Client({ connectionString: stage.databaseUrl, application_name: "pg_dump" });
    await dump.connect();
    onTestFinished(() => dump.end());
    await dump.query("begin isolation level repeatable read");
    await dump.query("select from talkme.outbox");
    keepInserting(stage);

    await vi.waitFor(
      async () => {
        const empty: string[] = [];
        for (const { panel, expression } of queries) {
          const series = await prometheus.query(expression);
          const known = series.filter(({ value: [, text] }) => Number.isFinite(Number(text)));
          if (known.length === 0) empty.push(`${panel}: ${expression}`);
        }
        expect(empty).toEqual([]);
      },
      { timeout: 90_000, interval: 1000 },
    );

    // Both instances report the same table and the panel shows it once; one may be scraped later than the other.
    const eventually = { timeout: 60_000, interval: 1000 };
    await expect
      .poll(() => prometheus.query("count(talkme_outbox_rows{status='sent'})"), eventually)
      .toMatchObject([{ value: [expect.any(Number), "2"] }]);
    const byStatus = queries.find(({ panel }) => panel === "Rows by status (A)")?.expression ?? "";
    await expect.poll(() => prometheus.query(byStatus), eventually).toHaveLength(6);
    const requests = queries.find(({ panel }) => panel === "Requests by instance (A)")?.expression ?? "";
    await expect.poll(() => prometheus.query(requests), eventually).toHaveLength(2);
  });

  test("a query that Prometheus cannot parse would be noticed", async (context) => {
    const prometheus = await Prometheus.open(context, {});
    await expect(prometheus.query("sum by (outcome (talkme_claims_total)")).rejects.toThrow("parse error");
    expect(await prometheus.query("talkme_no_such_metric")).toEqual([]);
  });

  test("panel ids are unique: Grafana would show the first of two panels twice", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test("every metric it queries exists, and no recent metric is missing", () => {
    const names = new Set(everyMetric().map(({ name }) => name));
    const asked = new Set(JSON.stringify(dashboard).split('"expr"').flatMap(metricsIn));
    expect([...asked].filter((name) => !names.has(name))).toEqual([]);
    const unshown = [...names].filter((name) => !asked.has(name));
    // Parts of other metrics, or ones that only somebody with a particular question looks for.
    expect(unshown.toSorted()).toEqual([
      "process_start_time_seconds",
      "talkme_circuit_openings_total",
      "talkme_collector_duration_seconds",
      "talkme_collector_up",
      "talkme_database_pool_max",
      "talkme_event_loop_lag_max_seconds",
      "talkme_event_loop_utilization_ratio",
      "talkme_listen_failures_total",
      "talkme_listen_wanted",
      "talkme_oldest_snapshot_age_transactions",
      "talkme_rate_waits_total",
      "talkme_table_last_analyze_timestamp_seconds",
      "talkme_table_last_vacuum_timestamp_seconds",
    ]);
  });

  test("it shows one outbox at a time: each selector filters by job", () => {
    const job = dashboard.templating.list.find(({ name }) => name === "job");
    expect(job).toMatchObject({ multi: false, includeAll: false });
    const selectors = queries.flatMap(
      ({ source }) => source.match(/\b(?:talkme|process)_\w+\{?[^}]*\}?/g) ?? [],
    );
    expect(selectors.length).toBeGreaterThan(queries.length);
    expect(selectors.filter((selector) => !/^\w+\{(?:.*,)?job=~"\$job"[,}]/.test(selector))).toEqual([]);
  });

  test("readings of the table are never summed over instances; what instances count always is", () => {
    const counted = new Set(
      everyMetric().flatMap(({ name, type }) => (type === "gauge" || ofTheTable.test(name) ? [] : [name])),
    );
    const addedUp = new RegExp(`sum(?: by \\([^)]*\\))? ?\\((?:increase|rate)?\\(?${ofTheTable.source}`);
    const wrong = queries.filter(({ source }) => {
      const asks = metricsIn(source);
      const lacksMax =
        asks.some((name) => ofTheTable.test(name)) && !/max(?: by \([^)]*\))? ?\(/.test(source);
      const lacksSum = asks.some((name) => counted.has(name)) && !/sum(?: by \([^)]*\))? ?\(/.test(source);
      // The maximum over instances may be summed over accounts.
      return lacksMax || lacksSum || addedUp.test(source);
    });
    expect(wrong.map(({ panel }) => panel)).toEqual([]);
  });
});
