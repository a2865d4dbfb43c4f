import { CompiledQuery } from "kysely";

import type { CircuitRecord } from "./circuits.ts";
import type { StatementRunner } from "./statement-runner.ts";

/** A lane and priority with at least one pending row. */
export interface QueuedLane {
  readonly lane: string;
  readonly priority: number;
  readonly account: string;
  /** Milliseconds until its first row is due; zero or less when it is due already. */
  readonly dueInMs: number;
  /** The same time as seconds since 1970. */
  readonly dueAtSeconds: number;
  /** Milliseconds since the API last took a message of it; null if it never has, or has answered 404 since. */
  readonly acceptedAgoMs: number | null;
  /** Answers 404 in a row. */
  readonly notFounds: number;
  /** Milliseconds for which its rows wait because of them; zero or less: they do not. */
  readonly quietForMs: number;
  /** A person has paused it, or its campaign is not active: none of its rows is claimed. */
  readonly paused: boolean;
  /** Whether a sending window or a recipient gap holds for it: a claim looks at its rows one by one. */
  readonly restricted: boolean;
  /** Milliseconds until its sending window opens anywhere in the country; zero if it is open somewhere. */
  readonly closedForMs: number;
  /** Whether the window is open only in a part of the country. */
  readonly partlyClosed: boolean;
  /** Messages a second, as talkme.campaign says; null if it says nothing. */
  readonly ratePerSecond: number | null;
  /** Identifies what talkme.account and talkme.campaign say of it; changes as soon as they do. */
  readonly rules: string;
  /** If some of its rows are among the newest: how many rows came after its latest; otherwise null. */
  readonly age: number | null;
}

/** The lane and priority of an account after which to go on. */
export interface QueuePlace {
  /** Null: of all accounts. */
  readonly account: string | null;
  readonly lane: string;
  readonly priority: number;
}

/** What of the queue to look at. */
export interface QueueLook {
  /** Lanes of other accounts are not read. Default: null, those of all. */
  readonly accounts?: readonly string[] | null;
  /** Where to go on, for accounts whose last page was full: as {@link Queue.ends} said. Default: all begin at the start. */
  readonly behind?: readonly QueuePlace[];
  /** How many lanes and priorities of each account are read. Default: as many as there are. */
  readonly page?: number;
  /** Lanes that are asked for beside the page. */
  readonly likely?: readonly string[];
  /** How many of the rows that were inserted last are looked at beside the page. Default: none. */
  readonly newest?: number;
}

/** What stands in the queue, and what keeps it from being sent. */
export interface Queue {
  readonly lanes: readonly QueuedLane[];
  readonly circuits: readonly CircuitRecord[];
  /** The database's clock, in seconds since 1970. */
  readonly nowSeconds: number;
  /** Accounts that have pending rows and were not asked for: the first twenty. */
  readonly strangers: readonly string[];
  /** Where the page of an account was full, and the next one begins. */
  readonly ends: readonly QueuePlace[];
}

/** Less than any smallint. */
const beforeAnyPriority = -32_769;

/** More than any queue has. */
const everything = 2_147_483_647;

export const readQueueText =
  'select lanes, circuits, now_seconds as "nowSeconds", strangers, ends from talkme.read_queue($1, $2, $3, $4, $5, $6)';

/**
 * Lists lanes and priorities that have pending rows, when the first of them is due and what holds for each, together
 * with the circuits of all accounts.
 *
 * A function in the database, which keeps its plan. Skips through the index, one descent for each lane, however many rows stand in
 * it. With a page, its time and its answer are bounded, however many lanes there are.
 */
export async function readQueue(
  db: StatementRunner,
  { accounts = null, behind = [], page = everything, likely = [], newest = 0 }: QueueLook = {},
): Promise<Queue> {
  const names = accounts ?? [null];
  const places = names.map((account) => behind.find((place) => place.account === account));
  const { rows } = await db.executeQuery<Queue>(
    CompiledQuery.raw(readQueueText, [
      accounts,
      // No nulls within an array: where array_nulls is off, they would be read as the text NULL.
      places.map((place) => place?.lane ?? ""),
      places.map((place) => place?.priority ?? beforeAnyPriority),
      page,
      likely,
      newest,
    ]),
  );
  const [queue] = rows;
  if (queue === undefined) throw new Error("The database did not answer what stands in the queue.");
  return queue;
}
