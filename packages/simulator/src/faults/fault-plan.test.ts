import { expect, test } from "vitest";
import type { RequestFacts } from "../api/request-facts.ts";
import { FaultPlan } from "./fault-plan.ts";
import { parseFaultRules } from "./parse-fault-rules.ts";

function factsOf(numero: string): RequestFacts {
  return { acao: "insere_whats_simples", idCliente: "123", numero, email: null, idCampanha: 5, idWpp: null };
}

/** The latencies of a hundred messages under `ms: 100, jitterMs: 50`. */
function latencies(seed: number): number[] {
  const plan = new FaultPlan(parseFaultRules([{ do: { kind: "latency", ms: 100, jitterMs: 50 } }]), seed);
  return Array.from(
    { length: 100 },
    (_, index) => plan.strike(factsOf(`1198888${1000 + index}`), index + 1).latencyMs,
  );
}

test("jitter adds between none and all of itself to a latency, as the seed decides", () => {
  const drawn = latencies(1);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(150);
  expect(new Set(drawn).size).toBeGreaterThan(20);
  expect(latencies(1)).toEqual(drawn);
  expect(latencies(2)).not.toEqual(drawn);
});

test("two equal rules draw independently", () => {
  const rule = { match: { probability: 0.5 }, do: { kind: "latency", ms: 1 } };
  const plan = new FaultPlan(parseFaultRules([rule, rule]), 1);
  const drawn = Array.from({ length: 100 }, (_, index) =>
    plan.strike(factsOf(`1198888${1000 + index}`), index + 1),
  );
  expect(new Set(drawn.map(({ latencyMs }) => latencyMs))).toEqual(new Set([0, 1, 2]));
});
