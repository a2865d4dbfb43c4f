import type { TalkmeClient } from "@talkme/core";

import { patienceMs, type OnTrial } from "../policy/trials.ts";

/** Of how many answers the usual time is the mean. */
const answersInMean = 8;

interface Trial extends OnTrial {
  /** Its answer decides about the account, because nothing else may be sent meanwhile. */
  readonly decides: boolean;
}

/** What is on the wire for a lane. */
interface LaneOnWire {
  requests: number;
  /** When its last answer came, or, if none has, when the first of these requests began. */
  heardAtMs: number;
}

/** A Talk.me account at work: its client, and what is on the wire for it. */
export class Account {
  readonly name: string;
  #client: TalkmeClient;
  #fingerprint: () => string;
  #token: string | null = null;
  #inFlight = 0;
  readonly #trials = new Map<string, Trial>();
  readonly #lanes = new Map<string, LaneOnWire>();
  /** How long its answers take, in the mean of the last ones. */
  #usualMs: number | null = null;

  /** @param fingerprint Works out what the client's token is known by; asked once, and only where the API refuses it. */
  constructor(name: string, client: TalkmeClient, fingerprint: () => string) {
    this.name = name;
    this.#client = client;
    this.#fingerprint = fingerprint;
  }

  /** What its token is known by among the instances. */
  get token(): string {
    this.#token ??= this.#fingerprint();
    return this.#token;
  }

  /** The one for the next request: see {@link replaceClient}. */
  get client(): TalkmeClient {
    return this.#client;
  }

  /** From now on requests go through another client; those on the wire end where they are. */
  replaceClient(client: TalkmeClient, fingerprint: () => string): void {
    const old = this.#client;
    this.#client = client;
    this.#fingerprint = fingerprint;
    this.#token = null;
    old.close().catch(() => "It closes when its last request has ended.");
  }

  /** Requests on the wire. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Of these, the rows that try the account or their lane, by lane. */
  get trials(): ReadonlyMap<string, OnTrial> {
    return this.#trials;
  }

  /** After how long without an answer a request is silent. */
  get patienceMs(): number {
    return patienceMs(this.#usualMs);
  }

  /** Whether a lane has requests on the wire and no answer has come for longer than is usual. */
  isSilent(lane: string, nowMs: number): boolean {
    const onWire = this.#lanes.get(lane);
    return onWire !== undefined && nowMs - onWire.heardAtMs >= this.patienceMs;
  }

  /**
   * @param trial Null for a row of a lane that is known to work; else whether its answer decides about the account, and whether
   *   none is expected, because the lane's last ones have hung: nobody has to wait to see that.
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
