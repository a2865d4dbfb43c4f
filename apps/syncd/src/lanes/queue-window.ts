import type { Queue, QueueLook, QueuePlace } from "@talkme/outbox/daemon";

/** With up to this many lanes and priorities, all accounts together, a look may show the whole queue. */
const longestPage = 4000;
const shortestPage = 100;

/** After a slower look at a page that was at least half full the next page is shorter; after a quick look it is longer. */
const slowLookMs = 25;
const quickLookMs = 8;

/** The smallest page of an account, however many accounts there are. */
const smallestShare = 20;

/** How many lanes and priorities of earlier pages to remember: producers may make any number of them. */
export const mostKept = 1000;

/**
 * How many more a look shows beside a page that is not the whole queue: lanes of the rows inserted last, and lanes that are
 * known to work.
 */
const mostBeside = 1000;

/** A lane and priority, as far as their place in the queue goes. */
type Place = Omit<QueuePlace, "account"> & { readonly account: string };

/**
 * Which part of the queue the next look shows. Nearly always the whole, at one descent of the index for each lane. A longer
 * queue is read page by page, each account by itself, so that no account's lanes hide those of another. Each look also shows
 * what was inserted last, and lanes that work.
 */
export class QueueWindow {
  readonly #accounts: readonly string[];
  /** Where the last look began, and where it ended short of the end of an account's lanes. */
  #behind: readonly QueuePlace[] = [];
  #ends: readonly QueuePlace[] = [];
  #page = longestPage;

  constructor(accounts: readonly string[]) {
    this.#accounts = accounts;
  }

  /** Whether a look shows a part of the queue only. */
  get isPart(): boolean {
    return this.#behind.length > 0 || this.#ends.length > 0;
  }

  /** @param likely Lanes that are known to work, most recent first. */
  next(likely: () => readonly string[]): QueueLook {
    this.#behind = this.#ends;
    const share = Math.floor(this.#page / Math.max(1, this.#accounts.length));
    const beside = this.isPart ? Math.ceil(Math.min(this.#page, mostBeside) / 2) : 0;
    return {
      accounts: this.#accounts,
      behind: this.#behind,
      page: Math.max(smallestShare, share),
      likely: this.isPart ? likely().slice(0, beside) : [],
      newest: beside,
    };
  }

  learn({ ends, lanes }: Pick<Queue, "ends" | "lanes">, tookMs: number): void {
    this.#ends = ends;
    if (tookMs < quickLookMs) this.#page = Math.min(longestPage, this.#page * 2);
    else if (tookMs > slowLookMs && lanes.length >= this.#page / 2) {
      this.#page = Math.max(shortestPage, Math.floor((this.#page * slowLookMs) / tookMs));
    }
  }

  /** Whether the last look would have shown it if it had pending rows. */
  covers(place: Place): boolean {
    const of = (places: readonly QueuePlace[]): QueuePlace | undefined =>
      places.find(({ account }) => account === place.account);
    const [begin, end] = [of(this.#behind), of(this.#ends)];
    return (begin === undefined || isBehind(place, begin)) && (end === undefined || !isBehind(place, end));
  }
}

function isBehind(a: Omit<QueuePlace, "account">, b: Omit<QueuePlace, "account">): boolean {
  return a.lane === b.lane ? a.priority > b.priority : a.lane > b.lane;
}
