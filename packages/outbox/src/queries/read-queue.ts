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
  /** Milliseconds since the API last took a message of it; null where it has not, or has answered 404 since. */
  readonly acceptedAgoMs: number | null;
  /** Answers 404 in a row. */
  readonly notFounds: number;
  /** Milliseconds for which its rows wait because of them; zero or less: they do not. */
  readonly quietForMs: number;
  /** A person has paused it, or its campaign is not active: none of its rows is claimed. */
  readonly paused: boolean;
  /** Whether a sending window or a recipient gap holds for it: its rows are looked at one by one when they are claimed. */
  readonly guarded: boolean;
  /** Milliseconds until its sending window opens in the first part of the country; zero where it is open in any. */
  readonly closedForMs: number;
  /** Whether the window is open in a part of the country only. */
  readonly partlyClosed: boolean;
  /** Messages a second, as talkme.campaign says; null where it says nothing. */
  readonly ratePerSecond: number | null;
  /** Names what talkme.account and talkme.campaign say of it; another text as soon as somebody changes them. */
  readonly rules: string;
}

/** What stands in the queue, and what keeps it from being sent. */
export interface Queue {
  readonly lanes: readonly QueuedLane[];
  readonly circuits: readonly CircuitRecord[];
  /** The database's clock, in seconds since 1970. */
  readonly nowSeconds: number;
}

export const readQueueText = 'select lanes, circuits, now_seconds as "nowSeconds" from talkme.read_queue()';

/**
 * Lists every lane and priority that has pending rows, when the first of them is due and what holds for it, together
 * with the circuits of all accounts.
 *
 * A function in the database, which keeps its plan. Skips through the index, one descent for each lane, however many rows stand in it.
 */
export async function readQueue(db: StatementRunner): Promise<Queue> {
  const { rows } = await db.executeQuery<Queue>(CompiledQuery.raw(readQueueText));
  const [queue] = rows;
  if (queue === undefined) throw new Error("The database did not answer what stands in the queue.");
  return queue;
}
