import type { Account } from "../accounts/account.ts";
import { passage, type Circuit } from "../policy/circuit.ts";
import { trialWaitMs } from "../policy/trials.ts";
import type { Circuits } from "./circuits.ts";
import type { LaneAnswers } from "./lane-answers.ts";

/** The account's circuit, and its token's where the API refuses the token. */
type AccountCircuits = readonly [account: Circuit] | readonly [account: Circuit, token: Circuit];

/** What holds for all lanes of an account at one moment. */
export interface Standing {
  readonly circuits: AccountCircuits;
  readonly passes: ReturnType<typeof passage>;
  /** Milliseconds until one more lane may be tried. */
  readonly trialWaitMs: number;
}

/** How the accounts stand. Thousands of lanes are asked for at one moment: each account is worked out once for it. */
export class Standings {
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #circuits: Circuits;
  readonly #lanes: LaneAnswers;
  #nowMs = Number.NaN;
  readonly #known = new Map<string, Standing>();

  constructor(accounts: ReadonlyMap<string, Account>, circuits: Circuits, lanes: LaneAnswers) {
    this.#accounts = accounts;
    this.#circuits = circuits;
    this.#lanes = lanes;
  }

  of(account: string, nowMs: number): Standing {
    if (this.#nowMs !== nowMs) this.forget();
    this.#nowMs = nowMs;
    const known = this.#known.get(account) ?? this.#workOut(account, nowMs);
    this.#known.set(account, known);
    return known;
  }

  /** Something has changed: what was worked out before no longer holds. */
  forget(): void {
    this.#known.clear();
  }

  /** What may be sent for the account. */
  passage(account: string, nowMs: number): Standing["passes"] {
    return jointPassage(this.#circuitsOf(account), nowMs);
  }

  /** Whether `by` has every permit that a trial of the account needs. */
  hasPermits(account: string, by: string): boolean {
    return this.#circuitsOf(account).every(({ trial }) => trial?.by === by);
  }

  #circuitsOf(account: string): AccountCircuits {
    const token = this.#circuits.ofToken(account);
    return token === null ? [this.#circuits.of(account)] : [this.#circuits.of(account), token];
  }

  #workOut(name: string, nowMs: number): Standing {
    const account = this.#accounts.get(name);
    const proof = { proven: this.#lanes.isProven(name, nowMs), patienceMs: account?.patienceMs ?? 0 };
    const circuits = this.#circuitsOf(name);
    return {
      circuits,
      passes: jointPassage(circuits, nowMs),
      trialWaitMs: trialWaitMs(account?.trials.values() ?? [], proof, nowMs),
    };
  }
}

/** Only what both the account's circuit and that of our token let pass. */
function jointPassage([account, token]: AccountCircuits, nowMs: number): Standing["passes"] {
  const passes = passage(account, nowMs);
  if (token === undefined || passes === "nothing") return passes;
  return passage(token, nowMs) === "nothing" ? "nothing" : "one";
}
