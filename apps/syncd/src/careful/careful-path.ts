import {
  blame,
  blamedFunction,
  isFromServer,
  isUnconfirmed,
  type LaneClaim,
  type Patience,
} from "@talkme/outbox/daemon";
import { CarefulClaims, type ClaimReceiver } from "./careful-claims.ts";
import type { CarefulParts } from "./careful-parts.ts";
import { CarefulSettlements } from "./careful-settlements.ts";

/** After this long, look into what a statement waits for. */
const lookAfterMs = 150;

/**
 * How long a single row may keep a statement: far less than the two thirds of the lease after which its claim is too late,
 * and far less than the silence that is taken for a dead connection.
 */
export function patienceFor(leaseSeconds: number): Patience {
  return { lockMs: 500, statementMs: Math.min(10_000, leaseSeconds * 500) };
}

/** The bound of a turn: a third of the lease, 3 seconds at most. */
export function turnBoundMs(leaseSeconds: number): number {
  return Math.min(3000, (leaseSeconds * 1000) / 3);
}

/**
 * The way beside the turns for what made one fail or take long, so that it delays nobody else: its lanes are claimed from
 * apart and its answers are written one by one, until the rows at fault are known. Does nothing while all is well.
 */
export class CarefulPath {
  readonly #parts: CarefulParts;
  readonly #claims: CarefulClaims;
  readonly #settlements: CarefulSettlements;

  /** @param onLost Called with an error that no row has caused: perhaps the connection is gone. */
  constructor(parts: CarefulParts, receive: ClaimReceiver, onLost: (error: unknown) => void) {
    this.#parts = parts;
    const watched = <Result>(work: () => Promise<Result>): Promise<Result> => this.#watched(work);
    this.#claims = new CarefulClaims(parts, watched, receive, onLost);
    this.#settlements = new CarefulSettlements(parts, watched, onLost);
  }

  /** Whether there is anything to do here, or under way. */
  get isNeeded(): boolean {
    const { suspects, unsettled } = this.#parts;
    return !suspects.isEmpty || unsettled.aside.length > 0 || this.isBusy;
  }

  get isBusy(): boolean {
    return this.#claims.isBusy || this.#settlements.isBusy;
  }

  /** Slots that a claim under way may fill. */
  get reserved(): number {
    return this.#claims.reserved;
  }

  /** Waits for its claim's answer: only then is it known which rows are ours. */
  async claimed(): Promise<void> {
    await this.#claims.finished();
  }

  /**
   * A turn has failed. Takes over its lanes and answers if one of its rows may be why.
   *
   * @param isSuspicious Whether it took longer than it may, or others failed before: then a row may be why, whatever the
   *   error says.
   * @returns False where the server or the connection is at fault.
   */
  takesOver(error: unknown, claims: readonly LaneClaim[], isSuspicious: boolean): boolean {
    const { unsettled, suspects, lockWatch, metrics, log } = this.#parts;
    const blamed = blame(error);
    // A standby that is away is no row's fault.
    if (isUnconfirmed(error) || (blamed === "server" && !isSuspicious)) return false;
    const nowMs = performance.now();
    unsettled.setAside(nowMs);
    const ofAnswers = unsettled.aside.map(({ settlement }) => settlement.lane);
    suspects.suspect([...claims.map(({ lane }) => lane), ...ofAnswers], nowMs);
    if (blamed === "server") return false;
    if (blamed === "wait") lockWatch.gaveUp(error);
    metrics.databaseErrors.inc();
    log.warn(
      {
        sql_state: isFromServer(error) ? error.code : null,
        function: blamedFunction(error),
        waited_for: blamed === "wait" ? lockWatch.last : null,
        claims: claims.length,
        answers: unsettled.aside.length,
      },
      "a turn failed: its rows are tried one by one",
    );
    return true;
  }

  /** Begins what is due. Only between turns, so that nothing is planned twice. */
  async begin(freeSlots: number, mayClaim: boolean): Promise<void> {
    const { unsettled, suspects } = this.#parts;
    unsettled.setAsideWhere((lane) => suspects.has(lane), performance.now());
    this.#settlements.begin();
    if (mayClaim) await this.#claims.begin(freeSlots);
    this.#report();
  }

  /** Milliseconds until there is something to begin, unless something ends sooner. */
  dueInMs(nowMs: number): number {
    return Math.min(this.#claims.dueInMs(nowMs), this.#settlements.dueInMs(nowMs));
  }

  async #watched<Result>(work: () => Promise<Result>): Promise<Result> {
    const { lockWatch, wakeup } = this.#parts;
    const timer = setTimeout(() => void lockWatch.look(), lookAfterMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      this.#report();
      wakeup.wake();
    }
  }

  #report(): void {
    const { suspects, unsettled, lockWatch, health } = this.#parts;
    const rows = suspects.avoided;
    const answers = unsettled.aside.filter(({ waits }) => waits > 0).length;
    health.waitsFor(
      rows + answers === 0
        ? null
        : `${rows} rows to claim and ${answers} answers to write wait for a trigger (${lockWatch.last})`,
    );
  }
}
