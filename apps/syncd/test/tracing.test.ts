import { fileURLToPath } from "node:url";

import { expect, test, vi } from "vitest";

import { Stage } from "./support/stage.ts";
import { TraceCollector, type CollectedSpan } from "./support/trace-collector.ts";

const sdk = fileURLToPath(new URL("support/opentelemetry-sdk.ts", import.meta.url));
const producer = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
const traceparent = `00-${producer.traceId}-${producer.spanId}-01`;

/** What an operator with an SDK sets. */
function bringing(collector: TraceCollector): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${sdk}`, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
}

async function traceOf(collector: TraceCollector, id: string): Promise<ReadonlyMap<string, CollectedSpan>> {
  return vi.waitFor(
    async () => {
      const spans = await collector.aboutRow(id);
      expect([...spans.keys()].toSorted()).toEqual([
        "syncd.attempt",
        "syncd.claim",
        "syncd.send",
        "syncd.settle",
      ]);
      return spans;
    },
    { timeout: 60_000 },
  );
}

test("a producer's trace continues: its row's claim, request and settlement are spans of it", async () => {
  const stage = await Stage.open();
  const collector = await TraceCollector.open();
  stage.faults({ do: { kind: "latency", ms: 120 } });
  const syncd = stage.run(bringing(collector));
  const id = await stage.insert("11988887777", "metadata", `'{"traceparent":"${traceparent}"}'`);
  await stage.reaches(id, "sent");

  const spans = await traceOf(collector, id);
  const attempt = spans.get("syncd.attempt");
  expect(attempt).toMatchObject({
    traceId: producer.traceId,
    parentSpanId: producer.spanId,
    attributes: { "talkme.account": "default", "talkme.attempt": 1, "talkme.status": "sent" },
  });
  expect(spans.get("syncd.send")).toMatchObject({
    traceId: producer.traceId,
    attributes: { "talkme.outcome": "accepted", "http.response.status_code": 200 },
  });
  const times = (name: string): { from: number; to: number } => {
    const span = spans.get(name);
    return { from: Number(span?.startTimeUnixNano) / 1e6, to: Number(span?.endTimeUnixNano) / 1e6 };
  };
  const [whole, claim, send, settle] = ["syncd.attempt", "syncd.claim", "syncd.send", "syncd.settle"].map(
    times,
  );
  expect((send?.to ?? 0) - (send?.from ?? 0)).toBeGreaterThan(100);
  expect(claim?.to).toBeLessThanOrEqual((send?.from ?? 0) + 1);
  expect(settle?.from).toBeGreaterThanOrEqual((send?.to ?? 0) - 1);
  expect(whole?.to).toBeGreaterThanOrEqual((settle?.to ?? 0) - 1);
  expect((await syncd.logged("sent"))["trace_id"]).toBe(producer.traceId);
});

test("a row without a trace begins its own, a refused one says why, and none reveals the recipient", async () => {
  const stage = await Stage.open();
  const collector = await TraceCollector.open();
  stage.run(bringing(collector));
  const odd = ["'[1]'", `'"11988887777"'`, `'{"traceparent":"11988887777"}'`, `'{"traceparent":{"a":1}}'`];
  const ids: string[] = [];
  for (const metadata of odd) ids.push(await stage.insert("11988887777", "metadata", metadata));
  const refused = await stage.insert("+51912345678");
  for (const id of ids) await stage.reaches(id, "sent");
  await stage.reaches(refused, "failed");

  for (const id of ids) {
    const attempt = (await traceOf(collector, id)).get("syncd.attempt");
    expect(attempt?.parentSpanId ?? "").toBe("");
  }
  const { error_code: code } = await stage.row(refused);
  expect((await traceOf(collector, refused)).get("syncd.attempt")).toMatchObject({
    attributes: { "talkme.status": "failed", "error.type": code },
    status: { code: 2 },
  });
  expect(collector.bodies.join()).not.toContain("88887777");
});

test("without an SDK nothing is traced, and rows with a trace are sent as usual", async () => {
  const stage = await Stage.open();
  const collector = await TraceCollector.open();
  const syncd = stage.run({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await stage.reaches(
    await stage.insert("11988887777", "metadata", `'{"traceparent":"${traceparent}"}'`),
    "sent",
  );
  expect(await syncd.logged("sent")).not.toHaveProperty("trace_id");
  expect(collector.bodies).toEqual([]);
});
