import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { everyMetric, withMetricsTable } from "../../scripts/metrics-page.ts";

const metrics = everyMetric();

test("docs/metrics.md matches the code: pnpm docs:metrics writes it", () => {
  const page = readFileSync(new URL("../../../../docs/metrics.md", import.meta.url), "utf8");
  expect(withMetricsTable(page, metrics)).toBe(page);
});

test("every metric that users rely on exists", () => {
  const promised = {
    talkme_outbox_rows: ["status"],
    talkme_outbox_oldest_pending_timestamp_seconds: [],
    talkme_send_attempts_total: ["account", "action", "outcome"],
    talkme_send_duration_seconds: ["account", "action"],
    talkme_sends_in_flight: [],
    talkme_pickup_duration_seconds: [],
    talkme_claims_total: [],
    talkme_claim_duration_seconds: [],
    talkme_last_successful_poll_timestamp_seconds: [],
    talkme_circuit_open: ["account"],
    talkme_database_errors_total: [],
    talkme_build_info: ["version"],
  };
  const labels = Object.fromEntries(metrics.map(({ name, labels: names }) => [name, names]));
  expect(labels).toMatchObject(promised);
});

test("no label can contain a row's data", () => {
  const bounded = [
    "account",
    "action",
    "application",
    // An identifier that Talk.me gave, of a registered campaign.
    "campaign",
    "code",
    "collector",
    "kind",
    "outcome",
    "pid",
    "pool",
    "reason",
    "scope",
    "state",
    "status",
    "table",
    "task",
    "to",
    "version",
  ];
  expect([...new Set(metrics.flatMap(({ labels }) => labels))].toSorted()).toEqual(bounded);
});

test("every metric has a meaning", () => {
  expect(metrics.filter(({ help }) => help.trim().length < 8)).toEqual([]);
});
