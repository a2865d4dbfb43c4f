import type { TalkmeClient } from "@talkme/core";

import { patienceMs, type OnTrial } from "../policy/trials.ts";

/** The usual time is the mean of about this many answers. */
const answersInMean = 8;

interface Trial extends OnTrial {
  /** Its answer decides about the account, which sends nothing else until then. */
  readonly decides: boolean;
}

/** What is on the wire for a lane. */
interface LaneOnWire {
  requests: number;
  /** When its last answer came or, before any, when its first request began. */
  heardAtMs: number;
}

/** The runtime state of a Talk.me account: its client, and what is on the wire for it. */
export class Account {
  readonly name: string;
  #client: TalkmeClient;
  #computeFingerprint: () => string;
  #fingerprint: string | null = null;
  #inFlight = 0;
  readonly #trials = new Map<string, Trial>();
  readonly #lanes = new Map<string, LaneOnWire>();
  /** The mean time of the last answers. */
  #usualMs: number | null = null;

  /** @param fingerprint Computes the fingerprint of the client's token; called at most once, and only if the API refuses it. */
  constructor(name: string, client: TalkmeClient, fingerprint: () => string) {
    this.name = name;
    this.#client = client;
    this.#computeFingerprint = fingerprint;
  }

  /** By which instances compare their tokens. The first call computes it, which takes some 40 ms. */
  fingerprint(): string {
    this.#fingerprint ??= this.#computeFingerprint();
    return this.#fingerprint;
  }

  /** For the next request: {@link replaceClient} changes it. */
  get client(): TalkmeClient {
    return this.#client;
  }

  /** Sends new requests through another client; those on the wire finish on the old one. */
  replaceClient(client: TalkmeClient, fingerprint: () => string): void {
    const old = this.#client;
    this.#client = client;
    this.#computeFingerprint = fingerprint;
    this.#fingerprint = null;
    old.close().catch(() => "It closes when its last request ends.");
  }

  /** Requests on the wire. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** The rows on the wire that try the account or their lane, by lane. */
  get trials(): ReadonlyMap<string, OnTrial> {
    return this.#trials;
  }

  /** How long a request may go without an answer before it counts as silent. */
  get patienceMs(): number {
    return patienceMs(this.#usualMs);
  }

  /** Whether a lane has requests on the wire and has been without an answer for longer than usual. */
  isSilent(lane: string, nowMs: number): boolean {
    const onWire = this.#lanes.get(lane);
    return onWire !== undefined && nowMs - onWire.heardAtMs >= this.patienceMs;
  }

  /**
   * @param trial Null for a row of a lane that is known to work. `likelyHangs`: the lane's last requests hung, so this one
   *   counts as silent at once.
   */
  started(
    lane: string,
    trial: { readonly decides: boolean; readonly likelyHangs: boolean } | null,
    nowMs: number,
  ): void {
    this.#inFlight += 1;
    const onWire = this.#lanes.get(lane);
    if (onWire === undefined) this.#lanes.set(lane, { requests: 1, heardAtMs: nowMs });
    else onWire.requests += 1;
    if (trial === null) return;
    const sinceMs = trial.likelyHangs ? nowMs - this.patienceMs : nowMs;
    this.#trials.set(lane, { sinceMs, decides: trial.decides });
  }

  /**
   * @param answeredInMs How long the answer took; null where none came.
   * @returns Whether it was a trial whose answer decides about the account.
   */
  finished(lane: string, trial: boolean, answeredInMs: number | null, nowMs: number): boolean {
    this.#inFlight -= 1;
    const onWire = this.#lanes.get(lane);
    if (onWire !== undefined) {
      onWire.requests -= 1;
      onWire.heardAtMs = nowMs;
      if (onWire.requests === 0) this.#lanes.delete(lane);
    }
    if (answeredInMs !== null) {
      const usualMs = this.#usualMs ?? answeredInMs;
      this.#usualMs = usualMs + (answeredInMs - usualMs) / answersInMean;
    }
    if (!trial) return false;
    const decides = this.#trials.get(lane)?.decides ?? false;
    this.#trials.delete(lane);
    return decides;
  }
}
