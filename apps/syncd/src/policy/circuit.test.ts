import { describe, expect, test } from "vitest";

import {
  closedCircuit,
  isAlarm,
  observe,
  passage,
  releaseTrial,
  slowdownAt,
  takeTrial,
  type Circuit,
  type CircuitEvent,
  type CircuitSignal,
} from "./circuit.ts";

const policy = { troublesToOpen: 5, pauseMs: 15_000, longPauseMs: 300_000 };
const onTrial: Circuit = { ...closedCircuit, trial: { by: "a", alive: true } };

function event(signal: CircuitSignal, changes: Partial<CircuitEvent> = {}): CircuitEvent {
  return { signal, trial: false, by: "a", retryAfterMs: null, atMs: 0, ...changes };
}

function trialEvent(signal: CircuitSignal): CircuitEvent {
  return event(signal, { trial: true });
}

function after(...signals: readonly CircuitSignal[]): Circuit {
  return signals.reduce((circuit, signal) => observe(circuit, event(signal), policy), closedCircuit);
}

/** Open, half open at once, and with the permit given to `a`. */
function trying(kind: "authentication" | "trouble"): Circuit {
  return { ...onTrial, troubles: 5, open: { kind, halfOpenAtMs: 0 } };
}

describe("the circuit opens", () => {
  test("at the second 404 in a row, because the third locks the token", () => {
    expect(after("not_found").open).toBeNull();
    expect(after("not_found", "none", "trouble", "not_found").open).toMatchObject({ kind: "not_found" });
    expect(after("not_found", "success", "not_found").open).toMatchObject({ kind: "not_found" });
    const accepted = observe(
      { ...after("not_found"), ...onTrial, notFounds: 1 },
      trialEvent("success"),
      policy,
    );
    expect(observe(accepted, event("not_found"), policy).open).toBeNull();
  });

  test("at once where the API refuses the account", () => {
    expect(after("authentication").open).toMatchObject({ kind: "authentication" });
  });

  test("after a run of inconclusive answers", () => {
    const four = ["trouble", "trouble", "trouble", "trouble"] as const;
    expect(after(...four).open).toBeNull();
    expect(after(...four, "trouble").open).toMatchObject({ kind: "trouble" });
    expect(after(...four, "success", ...four).open).toBeNull();
  });

  test("much longer for an account's fault than for trouble", () => {
    expect(after("authentication").open?.halfOpenAtMs).toBe(300_000);
    expect(after("trouble", "trouble", "trouble", "trouble", "trouble").open?.halfOpenAtMs).toBe(15_000);
  });

  test("when throttled, for the time of Retry-After or a second, and the rate is halved", () => {
    const asked = observe(closedCircuit, event("throttled", { retryAfterMs: 7000 }), policy);
    expect(asked.open).toEqual({ kind: "throttled", halfOpenAtMs: 7000 });
    expect(slowdownAt(asked, 0)).toBe(1);
    expect(after("throttled").open?.halfOpenAtMs).toBe(1000);
  });
});

describe("after one 404", () => {
  test("one row at a time may go, until the API takes one", () => {
    expect(passage(after(), 0)).toBe("all");
    expect(passage(after("not_found"), 0)).toBe("one");
    const tried = observe({ ...onTrial, notFounds: 1 }, trialEvent("success"), policy);
    expect(passage(tried, 0)).toBe("all");
  });

  test("answers to earlier requests do not count", () => {
    expect(passage(after("not_found", "success", "success"), 0)).toBe("one");
  });

  test("a trial without an answer counts as the second 404", () => {
    const tried = observe({ ...onTrial, notFounds: 1 }, trialEvent("unknown"), policy);
    expect(tried.open).toMatchObject({ kind: "not_found" });
    expect(observe({ ...onTrial, notFounds: 1 }, trialEvent("trouble"), policy).open).toBeNull();
  });

  test("it is an alarm: no instance may send without knowing it", () => {
    expect(isAlarm(closedCircuit, after("not_found"))).toBe(true);
    expect(isAlarm(after("not_found"), closedCircuit)).toBe(false);
    expect(isAlarm(closedCircuit, after("authentication"))).toBe(true);
    expect(isAlarm(closedCircuit, after("trouble"))).toBe(false);
  });
});

describe("an open circuit", () => {
  test("stays open as long as its first reason demands, whatever late answers say", () => {
    const late = ["trouble", "trouble", "trouble", "trouble", "trouble", "throttled", "success"] as const;
    expect(after("authentication", ...late).open).toEqual({ kind: "authentication", halfOpenAtMs: 300_000 });
    expect(after("not_found", "not_found", ...late).open).toMatchObject({ kind: "not_found" });
  });

  test("lets nothing through until its time is over, then one row", () => {
    expect(passage(after("authentication"), 299_999)).toBe("nothing");
    expect(passage(after("authentication"), 300_000)).toBe("one");
  });

  test("closes when the trial is accepted", () => {
    const closed = observe(trying("trouble"), event("success", { trial: true }), policy);
    expect(closed).toEqual(closedCircuit);
  });

  test.each(["not_found", "trouble", "authentication", "throttled"] as const)(
    "opens again when the trial meets %s, and the permit is free",
    (signal) => {
      const open = observe(trying("trouble"), event(signal, { trial: true, atMs: 10 }), policy);
      expect(open).toMatchObject({ open: { kind: signal }, trial: null });
      expect(passage(open, 11)).toBe("nothing");
    },
  );

  test("waits twice as long after each failed trial, up to twenty times", () => {
    const pauses: number[] = [];
    let circuit = trying("trouble");
    for (let i = 0; i < 7; i += 1) {
      circuit = { ...observe(circuit, event("trouble", { trial: true }), policy), trial: onTrial.trial };
      pauses.push((circuit.open?.halfOpenAtMs ?? 0) / policy.pauseMs);
    }
    expect(pauses).toEqual([2, 4, 8, 16, 20, 20, 20]);
  });

  test.each(["trouble", "unknown"] as const)(
    "stays open for an account's fault, as long as before, when the trial meets %s",
    (signal) => {
      const open = observe(trying("authentication"), trialEvent(signal), policy);
      expect(open.open).toEqual({ kind: "authentication", halfOpenAtMs: policy.longPauseMs });
    },
  );

  test("ignores the trial of an instance that has lost its permit", () => {
    const open = after("not_found", "not_found");
    for (const signal of ["success", "trouble", "unknown", "throttled"] as const) {
      expect(observe(open, trialEvent(signal), policy)).toEqual(open);
    }
  });

  test("is unchanged by an answer that says nothing about the account", () => {
    const circuit = observe(trying("trouble"), event("none", { trial: true }), policy);
    expect(circuit).toEqual({ ...trying("trouble"), trial: null });
  });
});

describe("a throttled account", () => {
  test("waits once for requests refused together, for the longest Retry-After", () => {
    const first = observe(closedCircuit, event("throttled", { retryAfterMs: 2000 }), policy);
    const second = observe(first, event("throttled", { retryAfterMs: 5000, atMs: 10 }), policy);
    expect(second).toEqual({ ...first, open: { kind: "throttled", halfOpenAtMs: 5010 } });
    expect(observe(second, event("throttled", { atMs: 20 }), policy)).toBe(second);
  });

  test("regains its rate step by step", () => {
    const twice = observe(
      { ...after("throttled"), trial: onTrial.trial },
      event("throttled", { trial: true, atMs: 1000 }),
      policy,
    );
    expect(slowdownAt(twice, 1000)).toBe(2);
    expect(slowdownAt(twice, 61_000)).toBe(1);
    expect(slowdownAt(twice, 121_000)).toBe(0);
  });

  test("never waits longer than the long pause before one row is tried", () => {
    const day = observe(closedCircuit, event("throttled", { retryAfterMs: 86_400_000 }), policy);
    expect(day.open?.halfOpenAtMs).toBe(policy.longPauseMs);
  });
});

describe("the permit to try a row", () => {
  test("belongs to one instance at a time", () => {
    expect(takeTrial(closedCircuit, "a", 0, policy)).toEqual(onTrial);
    expect(takeTrial(onTrial, "a", 0, policy)).toBe(onTrial);
    expect(takeTrial(onTrial, "b", 0, policy)).toBeNull();
    expect(releaseTrial(onTrial, "b")).toBe(onTrial);
    expect(releaseTrial(onTrial, "a")).toEqual(closedCircuit);
  });

  test("of a dead instance is taken over, but its row may have met a 404", () => {
    const dead: Circuit = { ...closedCircuit, trial: { by: "b", alive: false } };
    expect(takeTrial(dead, "a", 0, policy)).toEqual({ ...onTrial, notFounds: 1 });
    expect(takeTrial({ ...dead, notFounds: 1 }, "a", 0, policy)).toMatchObject({
      open: { kind: "not_found" },
      trial: null,
    });
  });

  test("of an instance that died while trying an open circuit does not count as a 404", () => {
    const dead: Circuit = { ...trying("trouble"), trial: { by: "b", alive: false } };
    expect(takeTrial(dead, "a", 0, policy)).toMatchObject({
      notFounds: 1,
      open: { kind: "trouble" },
      trial: { by: "a" },
    });
  });

  test("survives the answer to another row or to another instance's row", () => {
    expect(observe(onTrial, event("success"), policy)).toBe(onTrial);
    expect(observe(onTrial, event("success", { trial: true, by: "b" }), policy)).toBe(onTrial);
  });
});
