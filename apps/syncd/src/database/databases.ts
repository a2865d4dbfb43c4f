import { Database, usualDeadlines, type Deadlines } from "./database.ts";

/**
 * One for turns and looks, one for the loop's other statements, one for a rescue, and two for rows that are claimed and
 * settled one by one.
 */
const pipelineConnections = 5;

/**
 * The daemon's pools, all for one database: a slow count must never delay a claim, and nothing may delay a heartbeat.
 */
export class Databases {
  readonly pipeline: Database;
  /** For counts and maintenance. */
  readonly side: Database;
  readonly heartbeat: Database;

  /** @param onConnectionError Called when an idle connection was lost; its pool replaces it. */
  constructor(url: string, onConnectionError: (error: Error) => void, heartbeatDeadlines: Deadlines) {
    this.pipeline = new Database(url, onConnectionError, usualDeadlines, pipelineConnections);
    this.side = new Database(url, onConnectionError);
    this.heartbeat = new Database(url, onConnectionError, heartbeatDeadlines);
  }

  /** The state of each pool, by its name in the metrics. */
  pools(): ReadonlyMap<string, Database["pool"]> {
    const { pipeline, side, heartbeat } = this;
    return new Map(Object.entries({ pipeline, side, heartbeat }).map(([name, { pool }]) => [name, pool]));
  }

  /** Gives up running statements. */
  async close(): Promise<void> {
    await Promise.allSettled([this.pipeline.close(), this.side.close(), this.heartbeat.close()]);
  }
}
