import type { CircuitRecord } from "@talkme/outbox/daemon";

/** A circuit that keeps an account's rows back. */
export interface OpenCircuit {
  readonly account: string;
  readonly kind: string;
  /** Null: all instances wait. Otherwise this one does, and every other with the same token. */
  readonly instance: string | null;
  readonly tried_in_seconds: number;
}

export function openCircuits(circuits: readonly CircuitRecord[]): readonly OpenCircuit[] {
  return circuits.flatMap(({ account, credential, reportedBy, kind, halfOpenInMs }) =>
    // The circuit of a token whose instance is gone delays nobody.
    kind === null || (credential !== "" && reportedBy === null)
      ? []
      : [
          {
            account,
            kind,
            instance: credential === "" ? null : reportedBy,
            tried_in_seconds: Math.max(0, Math.round((halfOpenInMs ?? 0) / 1000)),
          },
        ],
  );
}
