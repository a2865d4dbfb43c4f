/** What an answer says about the account or the API, as opposed to the row. */
export type CircuitSignal = "success" | "authentication" | "not_found" | "trouble" | "none";

/** When a circuit opens, and for how long. */
export interface CircuitPolicy {
  /** The vendor locks the token at the third consecutive 404: never get there. */
  readonly notFoundsToOpen: number;
  /** So many `unknown` or `not_sent` in a row mean that it is not about one row. */
  readonly troublesToOpen: number;
  /** How long it stays open after a 401, a 403 or the 404s: a person has to mend something. */
  readonly accountFaultOpenMs: number;
  /** How long it stays open after a run of troubles. */
  readonly troubleOpenMs: number;
}

const defaultCircuitPolicy: CircuitPolicy = {
  notFoundsToOpen: 2,
  troublesToOpen: 5,
  accountFaultOpenMs: 300_000,
  troubleOpenMs: 15_000,
};

export type CircuitState =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly reason: string; readonly untilMs: number }
  /** One row is tried; its answer decides. */
  | { readonly kind: "probing" };

/**
 * Stops sending for an account when its answers say that sending is of no use or does harm. Rows wait meanwhile
 * and lose no attempt. Time is a parameter.
 */
export class Circuit {
  readonly #policy: CircuitPolicy;
  #state: CircuitState = { kind: "closed" };
  #notFounds = 0;
  #troubles = 0;
  /** True once the API took something, and until it answers 404: see {@link allowance}. */
  #trusted = false;

  constructor(policy: CircuitPolicy = defaultCircuitPolicy) {
    this.#policy = policy;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /**
   * How many rows may be claimed, given how many are on their way. Until the API has taken something, no more are on
   * their way than may be answered 404 without locking the token.
   */
  allowance(inFlight: number, nowMs: number): number {
    switch (this.#state.kind) {
      case "closed":
        if (this.#trusted) return Number.POSITIVE_INFINITY;
        return Math.max(0, this.#policy.notFoundsToOpen - this.#notFounds - inFlight);
      case "open":
        return nowMs >= this.#state.untilMs && inFlight === 0 ? 1 : 0;
      case "probing":
        return inFlight === 0 ? 1 : 0;
    }
  }

  /** Milliseconds until a row may be claimed; 0 where one may now, infinite while the answer of a row is awaited. */
  readyInMs(inFlight: number, nowMs: number): number {
    if (this.allowance(inFlight, nowMs) >= 1) return 0;
    const untilMs = this.#state.kind === "open" ? this.#state.untilMs - nowMs : 0;
    return untilMs > 0 ? untilMs : Number.POSITIVE_INFINITY;
  }

  /** A row was claimed: if the circuit was open, that row is the probe. */
  claimed(): void {
    if (this.#state.kind === "open") this.#state = { kind: "probing" };
  }

  /** Takes an answer into account. */
  observe(signal: CircuitSignal, nowMs: number): void {
    switch (signal) {
      case "none":
        return;
      case "success":
        // The answer to an earlier request says nothing about those that opened the circuit.
        if (this.#state.kind === "open") return;
        this.#notFounds = 0;
        this.#troubles = 0;
        this.#trusted = true;
        this.#state = { kind: "closed" };
        return;
      case "authentication":
        this.#open(
          "The API refuses the account's id_cliente or token.",
          this.#policy.accountFaultOpenMs,
          nowMs,
        );
        return;
      case "not_found":
        this.#notFounds += 1;
        this.#trusted = false;
        if (this.#notFounds >= this.#policy.notFoundsToOpen || this.#state.kind === "probing") {
          this.#open(
            "The API answers 404: a third one would lock the token.",
            this.#policy.accountFaultOpenMs,
            nowMs,
          );
        }
        return;
      case "trouble":
        // The late answers to what was on the wire must not shorten the pause.
        if (this.#state.kind === "open") return;
        this.#troubles += 1;
        if (this.#troubles >= this.#policy.troublesToOpen || this.#state.kind === "probing") {
          this.#open(
            "The API cannot be reached or gives no clear answer.",
            this.#policy.troubleOpenMs,
            nowMs,
          );
        }
    }
  }

  #open(reason: string, openMs: number, nowMs: number): void {
    this.#state = { kind: "open", reason, untilMs: nowMs + openMs };
  }
}
