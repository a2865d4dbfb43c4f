import { Database, usualDeadlines, type Deadlines } from "./database.ts";

/**
 * One for the turns and the looks, one for what else the loop asks, one for a rescue, and two for rows that are claimed and
 * settled one by one.
 */
const pipelineConnections = 5;

/**
 * The daemon's pools, all of one database: what may be slow has connections of its own, because a count must never stand
 * in the way of a claim, nor anything in that of a heartbeat.
 */
export class Databases {
  readonly pipeline: Database;
  /** For counts and maintenance. */
  readonly side: Database;
  readonly heartbeat: Database;

  /** @param onConnectionError Told of an idle connection that was lost; the pool replaces it by itself. */
  constructor(url: string, onConnectionError: (error: Error) => void, heartbeatDeadlines: Deadlines) {
    this.pipeline = new Database(url, onConnectionError, usualDeadlines, pipelineConnections);
    this.side = new Database(url, onConnectionError);
    this.heartbeat = new Database(url, onConnectionError, heartbeatDeadlines);
  }

  /** What the connections of each pool do, by its name in the metrics. */
  pools(): ReadonlyMap<string, Database["pool"]> {
    const { pipeline, side, heartbeat } = this;
    return new Map(Object.entries({ pipeline, side, heartbeat }).map(([name, { pool }]) => [name, pool]));
  }

  /** Gives up statements that are under way. */
  async close(): Promise<void> {
    await Promise.allSettled([this.pipeline.close(), this.side.close(), this.heartbeat.close()]);
  }
}
