import type { CircuitRecord } from "@talkme/outbox/daemon";

import { closedCircuit, type Circuit } from "../policy/circuit.ts";

/** A circuit as the database has it, with the version and the alarms of that state. */
export interface Known {
  readonly circuit: Circuit;
  readonly version: number;
  readonly alarms: number;
}

export const neverInTrouble: Known = { circuit: closedCircuit, version: 0, alarms: 0 };

/** Whether two circuits are the same but for their times, which are stored relative to now. */
export function isSame(a: Circuit, b: Circuit): boolean {
  return (
    a.notFounds === b.notFounds &&
    a.troubles === b.troubles &&
    a.slowdown === b.slowdown &&
    a.open?.kind === b.open?.kind &&
    a.trial?.by === b.trial?.by
  );
}

export function toKnown(record: CircuitRecord, nowMs: number): Known {
  const { kind, halfOpenInMs, throttledAgoMs, trialBy } = record;
  return {
    version: record.version,
    alarms: record.alarms,
    circuit: {
      notFounds: record.notFounds,
      troubles: record.troubles,
      open: kind === null ? null : { kind, halfOpenAtMs: nowMs + (halfOpenInMs ?? 0) },
      slowdown: record.slowdown,
      throttledAtMs: throttledAgoMs === null ? null : nowMs - throttledAgoMs,
      trial: trialBy === null ? null : { by: trialBy, alive: record.trialAlive },
    },
  };
}

export function toRecord(circuit: Circuit, nowMs: number) {
  return {
    notFounds: circuit.notFounds,
    troubles: circuit.troubles,
    kind: circuit.open?.kind ?? null,
    halfOpenInMs: circuit.open === null ? null : circuit.open.halfOpenAtMs - nowMs,
    slowdown: circuit.slowdown,
    throttledAgoMs: circuit.throttledAtMs === null ? null : nowMs - circuit.throttledAtMs,
    trialBy: circuit.trial?.by ?? null,
  };
}
