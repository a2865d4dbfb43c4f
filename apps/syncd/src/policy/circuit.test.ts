import { describe, expect, test } from "vitest";

import { Circuit, type CircuitSignal } from "./circuit.ts";

const policy = { notFoundsToOpen: 2, troublesToOpen: 5, accountFaultOpenMs: 300_000, troubleOpenMs: 15_000 };

function observing(...signals: readonly CircuitSignal[]): Circuit {
  const circuit = new Circuit(policy);
  for (const signal of signals) circuit.observe(signal, 0);
  return circuit;
}

describe("the circuit opens", () => {
  test("at the second 404 in a row, because the third locks the token", () => {
    expect(observing("not_found").state.kind).toBe("closed");
    expect(observing("not_found", "success", "not_found").state.kind).toBe("closed");
    expect(observing("not_found", "none", "not_found").state.kind).toBe("open");
  });

  test("at once where the API refuses the account", () => {
    expect(observing("authentication").state.kind).toBe("open");
  });

  test("after a run of answers that say neither yes nor no", () => {
    expect(observing("trouble", "trouble", "trouble", "trouble").state.kind).toBe("closed");
    expect(observing("trouble", "trouble", "trouble", "trouble", "trouble").state.kind).toBe("open");
    expect(observing("trouble", "trouble", "success", "trouble", "trouble", "trouble").state.kind).toBe(
      "closed",
    );
  });

  test("for an account's fault much longer than for trouble", () => {
    expect(observing("authentication").readyInMs(0, 0)).toBe(300_000);
    expect(observing("trouble", "trouble", "trouble", "trouble", "trouble").readyInMs(0, 0)).toBe(15_000);
  });
});

describe("until the API has taken something", () => {
  test("no more rows are on their way than may meet a 404 without locking the token", () => {
    const circuit = observing();
    expect(circuit.allowance(0, 0)).toBe(2);
    expect(circuit.allowance(2, 0)).toBe(0);
    circuit.observe("not_found", 0);
    expect(circuit.allowance(0, 0)).toBe(1);
    expect(circuit.allowance(1, 0)).toBe(0);
    expect(circuit.readyInMs(1, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  test("and again after a 404, however much it took before", () => {
    expect(observing("success").allowance(64, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(observing("success", "not_found").allowance(0, 0)).toBe(1);
  });
});

describe("an open circuit", () => {
  test("stays open as long as its first reason demands, whatever late answers say", () => {
    const circuit = observing("authentication", "trouble", "trouble", "trouble", "trouble", "trouble");
    expect(circuit.readyInMs(0, 0)).toBe(300_000);
  });

  test("is not closed by the late answer to an earlier request", () => {
    const circuit = observing("success", "not_found", "not_found");
    circuit.observe("success", 1);
    expect(circuit.state.kind).toBe("open");
  });

  test("lets nothing through until its time is over, then one row, and no other before its answer", () => {
    const circuit = observing("authentication");
    expect(circuit.allowance(0, 299_999)).toBe(0);
    expect(circuit.allowance(0, 300_000)).toBe(1);
    circuit.claimed();
    expect(circuit.allowance(1, 300_001)).toBe(0);
    expect(circuit.readyInMs(1, 300_001)).toBe(Number.POSITIVE_INFINITY);
  });

  test("waits for the rows that were on their way when it opened before it tries one", () => {
    expect(observing("authentication").allowance(3, 300_000)).toBe(0);
  });

  test("closes when the row that it tries is taken", () => {
    const circuit = observing("authentication");
    circuit.claimed();
    circuit.observe("success", 300_000);
    expect(circuit.allowance(64, 300_000)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each(["not_found", "trouble", "authentication"] as const)(
    "opens again when that row meets %s",
    (signal) => {
      const circuit = observing("authentication");
      circuit.claimed();
      circuit.observe(signal, 300_000);
      expect(circuit.allowance(0, 300_001)).toBe(0);
    },
  );

  test("tries another row where that one says nothing about the account", () => {
    const circuit = observing("authentication");
    circuit.claimed();
    circuit.observe("none", 300_000);
    expect(circuit.allowance(0, 300_000)).toBe(1);
  });
});
