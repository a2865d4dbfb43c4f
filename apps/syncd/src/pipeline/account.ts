import type { TalkmeClient } from "@talkme/core";

import type { AccountSettings } from "../config/settings.ts";
import { Circuit, type CircuitSignal } from "../policy/circuit.ts";
import { TokenBucket } from "../policy/token-bucket.ts";

/** A Talk.me account at work: its client, and what limits it. Nothing here ever delays another account. */
export class Account {
  readonly name: string;
  readonly client: TalkmeClient;
  readonly circuit = new Circuit();
  readonly #bucket: TokenBucket;
  readonly #ratePerSecond: number;
  #inFlight = 0;

  constructor(settings: AccountSettings, client: TalkmeClient, nowMs: number) {
    this.name = settings.name;
    this.client = client;
    this.#ratePerSecond = settings.ratePerSecond;
    this.#bucket = new TokenBucket(settings.ratePerSecond, nowMs);
  }

  /** The rate is for all instances together: each takes its share. */
  shareRateAmong(instances: number, nowMs: number): void {
    this.#bucket.setRate(this.#ratePerSecond / Math.max(1, instances), nowMs);
  }

  /** How many rows may be claimed for it now. */
  allowance(nowMs: number): number {
    return Math.min(this.#bucket.available(nowMs), this.circuit.allowance(this.#inFlight, nowMs));
  }

  /** Milliseconds until it may claim again; 0 where it may now, infinite where it waits for an answer. */
  readyInMs(nowMs: number): number {
    return Math.max(this.#bucket.nextTokenInMs(nowMs), this.circuit.readyInMs(this.#inFlight, nowMs));
  }

  /** Whether a row that was claimed may still be sent: the circuit may have opened since. */
  admits(nowMs: number): boolean {
    return this.circuit.allowance(this.#inFlight, nowMs) >= 1;
  }

  /** A row of it is on its way. */
  started(): void {
    this.#bucket.take(1);
    this.#inFlight += 1;
    this.circuit.claimed();
  }

  /** A row of it has got its answer. */
  finished(signal: CircuitSignal, nowMs: number): void {
    this.#inFlight -= 1;
    this.circuit.observe(signal, nowMs);
  }
}
