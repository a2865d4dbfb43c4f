import { readQueue, type Queue, type QueuePlace } from "./read-queue.ts";
import type { StatementRunner } from "./statement-runner.ts";

const page = 1000;

/** The most lanes and priorities that are counted; whoever may insert may make any number of them. */
const mostLanesCounted = 50_000;

/** The queue of all accounts, page by page, for counting without keeping it. Ends after 50,000 lanes and priorities. */
export async function* readQueuePages(db: StatementRunner): AsyncGenerator<Queue> {
  let behind: readonly QueuePlace[] = [];
  for (let seen = 0; seen < mostLanesCounted; seen += page) {
    const queue = await readQueue(db, { behind, page });
    yield queue;
    behind = queue.ends;
    if (behind.length === 0) return;
  }
}
