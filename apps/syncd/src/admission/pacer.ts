import { parseLane, reserveSlots, scopeOf, scopesOf, type QueuedLane } from "@talkme/outbox/daemon";

import type { Database } from "../database/database.ts";
import { creditMs, Pace } from "../policy/pace.ts";

/** Of a scope that somebody keeps locked no times are asked for during this. */
const lockedForMs = 2000;

/** Keeps to the rates of accounts, campaigns and channels, each over all instances. */
export class Pacer {
  readonly #database: Database;
  #configured: ReadonlyMap<string, number> = new Map();
  /** What `talkme.campaign` says, by scope: it overrides what is configured. */
  readonly #campaigns = new Map<string, number>();
  readonly #paces = new Map<string, Pace>();
  /** Remembers {@link scopesOf}, which is called for each lane in each turn. */
  readonly #scopes = new Map<string, readonly string[]>();
  readonly #onNewScope: (scope: string) => void;
  /** Scopes that somebody keeps locked, and when they are asked for again. */
  readonly #locked = new Map<string, number>();

  /**
   * @param ratesPerSecond By scope: `account:NAME`, `campaign:ID`, `channel:ID`. One that is missing, or 0, is unlimited.
   * @param onNewScope Called with each scope that gets a rate and had none.
   */
  constructor(
    database: Database,
    ratesPerSecond: ReadonlyMap<string, number>,
    onNewScope: (scope: string) => void = () => {},
  ) {
    this.#database = database;
    this.#onNewScope = onNewScope;
    this.setRates(ratesPerSecond);
  }

  /**
   * Applies another configuration. What was reserved at the old rates, for a quarter of a second at most, stays reserved.
   */
  setRates(ratesPerSecond: ReadonlyMap<string, number>): void {
    const scopes = new Set([...this.#configured.keys(), ...ratesPerSecond.keys()]);
    this.#configured = ratesPerSecond;
    this.#scopes.clear();
    for (const scope of scopes) this.#limit(scope);
  }

  /**
   * Takes in the rates of `talkme.campaign`; a campaign without one has its configured rate. Where two accounts have
   * campaigns with the same number, the smaller rate applies to both.
   */
  learn(queued: readonly Pick<QueuedLane, "lane" | "ratePerSecond">[]): void {
    // Lanes come and go: remember them until the next look only.
    this.#scopes.clear();
    const byCampaign = Map.groupBy(queued, ({ lane }) => parseLane(lane).campaign);
    for (const [campaign, lanes] of byCampaign) {
      if (campaign === null) continue;
      const scope = scopeOf("campaign", campaign);
      const rates = lanes.flatMap(({ ratePerSecond }) => ratePerSecond ?? []);
      if (rates.length === 0) this.#campaigns.delete(scope);
      else this.#campaigns.set(scope, Math.min(...rates));
      this.#limit(scope);
    }
  }

  /** The scopes with a rate that a lane belongs to. */
  scopesOf(lane: string): readonly string[] {
    const known = this.#scopes.get(lane);
    if (known !== undefined) return known;
    const scopes = scopesOf(parseLane(lane)).filter((scope) => this.#paces.has(scope));
    this.#scopes.set(lane, scopes);
    return scopes;
  }

  /** Halves an account's configured rate this many times. */
  slowDown(account: string, times: number): void {
    const scope = scopeOf("account", account);
    const pace = this.#paces.get(scope);
    if (pace !== undefined) pace.ratePerSecond = (this.#configured.get(scope) ?? 0) / 2 ** times;
  }

  /** How many messages of a scope may go now; infinite where it has no rate. */
  available(scope: string, nowMs: number): number {
    return this.#paces.get(scope)?.available(nowMs) ?? Number.POSITIVE_INFINITY;
  }

  /** Milliseconds until a message of the scope may go, or until the next times may be reserved. */
  readyInMs(scope: string, nowMs: number): number {
    const lockedMs = (this.#locked.get(scope) ?? 0) - nowMs;
    return this.#paces.get(scope)?.nextInMs(nowMs) ?? Math.max(0, lockedMs);
  }

  /** The scopes of which somebody else keeps `talkme.pace` locked: their messages wait. */
  get locked(): readonly string[] {
    return [...this.#locked.keys()];
  }

  /** Messages a second that each scope with a rate may send now. */
  get rates(): ReadonlyMap<string, number> {
    return new Map([...this.#paces].map(([scope, { ratePerSecond }]) => [scope, ratePerSecond]));
  }

  /** The scopes of these lanes that let no message go now. */
  lacking(lanes: readonly string[], nowMs: number): ReadonlySet<string> {
    return new Set(lanes.flatMap((lane) => this.#emptyScopesOf(lane, nowMs)));
  }

  #emptyScopesOf(lane: string, nowMs: number): readonly string[] {
    return this.scopesOf(lane).filter((scope) => this.available(scope, nowMs) < 1);
  }

  #limit(scope: string): void {
    const ratePerSecond = this.#campaigns.get(scope) ?? this.#configured.get(scope) ?? 0;
    const pace = this.#paces.get(scope);
    if (ratePerSecond === 0) this.#paces.delete(scope);
    else if (pace === undefined) {
      this.#paces.set(scope, new Pace(ratePerSecond));
      this.#onNewScope(scope);
    } else pace.ratePerSecond = ratePerSecond;
  }

  /** A row of the lane was claimed. */
  took(lane: string): void {
    for (const scope of this.scopesOf(lane)) this.#paces.get(scope)?.take(1);
  }

  /** Gives back `count` of what {@link took} has used for the lane. */
  gaveBack(lane: string, count: number, nowMs: number): void {
    for (const scope of this.scopesOf(lane)) this.#paces.get(scope)?.giveBack(count, nowMs);
  }

  /**
   * Reserves times for the scopes that have none, for an instance that could send `room` messages at once. An account's
   * are not reserved while the campaign or channel that wants them has none itself.
   */
  async reserve(lanes: readonly string[], room: number, nowMs: number): Promise<void> {
    const lacking = new Set<string>();
    for (const lane of lanes) {
      const empty = this.#emptyScopesOf(lane, nowMs);
      const narrower = empty.filter((scope) => !scope.startsWith("account:"));
      for (const scope of narrower.length > 0 ? narrower : empty) lacking.add(scope);
    }
    const wishes = [...lacking].flatMap((scope) => {
      const pace = this.#paces.get(scope);
      const isLocked = (this.#locked.get(scope) ?? 0) > nowMs;
      const count = isLocked ? 0 : (pace?.wanted(room, nowMs) ?? 0);
      return pace === undefined || count === 0 ? [] : [{ scope, ratePerSecond: pace.ratePerSecond, count }];
    });
    if (wishes.length === 0) return;
    const grants = await reserveSlots(this.#database.kysely, wishes, creditMs);
    const grantedAtMs = performance.now();
    for (const { scope } of wishes) this.#locked.set(scope, grantedAtMs + lockedForMs);
    for (const { scope } of grants) this.#locked.delete(scope);
    for (const { scope, startsInMs } of grants) {
      const count = wishes.find((wish) => wish.scope === scope)?.count ?? 0;
      this.#paces.get(scope)?.add(startsInMs, count, grantedAtMs);
    }
  }
}
