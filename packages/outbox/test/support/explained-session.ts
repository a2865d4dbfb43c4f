import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";

import type { OutboxDatabase } from "../../src/index.ts";

/** What a statement read, by its executed plan. */
export interface ExplainedPlan {
  /** Tables of messages, attempts and recipients read by sequential scans. */
  readonly sequentialScans: readonly string[];
  /** Pages of tables and indexes touched. */
  readonly buffers: number;
  /** Whether JIT compiled something, which takes longer than any of these statements. */
  readonly compiled: boolean;
}

/** Tables that stay small: a row for each account, or for what people paused. */
const smallTables = new Set([
  "circuit",
  "paused",
  "account",
  "campaign",
  "instance",
  "lane",
  "area",
  "holiday",
]);

/** A connection that can explain its statements, and those within functions, with their real plans. */
export class ExplainedSession implements AsyncDisposable {
  readonly db: Kysely<OutboxDatabase>;
  readonly #plans: string[] = [];

  private constructor(pool: Pool) {
    this.db = new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
  }

  static async open(url: string): Promise<ExplainedSession> {
    const pool = new Pool({ connectionString: url, max: 1 });
    // The database is dropped at the end of the test, perhaps before the connection closes.
    pool.on("error", () => {});
    const session = new ExplainedSession(pool);
    pool.on("connect", (client) => {
      client.on("notice", ({ message }) => session.#plans.push(message ?? ""));
    });
    await sql`load 'auto_explain'`.execute(session.db);
    return session;
  }

  /**
   * What `work` reads, including statements within functions. It runs three times, of which the fewest pages count: where other
   * databases of the server change many tables, PostgreSQL drops this session's caches, and reads thousands of pages to fill them.
   */
  async explain(work: () => Promise<unknown>): Promise<ExplainedPlan> {
    const plans = [
      await this.#explainOnce(work),
      await this.#explainOnce(work),
      await this.#explainOnce(work),
    ];
    return {
      sequentialScans: plans.flatMap(({ sequentialScans }) => sequentialScans),
      buffers: Math.min(...plans.map(({ buffers }) => buffers)),
      compiled: plans.some(({ compiled }) => compiled),
    };
  }

  async #explainOnce(work: () => Promise<unknown>): Promise<ExplainedPlan> {
    await sql
      .raw(
        `set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on; set auto_explain.log_buffers = on;
         set auto_explain.log_timing = off; set auto_explain.log_nested_statements = on;
         set auto_explain.log_format = json; set client_min_messages = log`,
      )
      .execute(this.db);
    this.#plans.length = 0;
    await work();
    const plans = this.#plans.splice(0);
    await sql`set auto_explain.log_min_duration = -1`.execute(this.db);
    const read = plans.flatMap((message) => {
      const start = message.indexOf("{");
      return start < 0 ? [] : [readPlan(JSON.parse(message.slice(start)))];
    });
    if (read.length === 0) throw new Error("Nothing was explained.");
    return {
      sequentialScans: read.flatMap(({ sequentialScans }) => sequentialScans),
      // A call's pages include those of the statements within.
      buffers: Math.max(...read.map(({ buffers }) => buffers)),
      compiled: read.some(({ compiled }) => compiled),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.db.destroy();
  }
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Loops"?: number;
  readonly "Shared Hit Blocks"?: number;
  readonly "Shared Read Blocks"?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly Plan: PlanNode;
  readonly JIT?: unknown;
}

function readPlan({ Plan: root, JIT }: Explained): ExplainedPlan {
  const scans = nodesOf(root).flatMap((node) => {
    const { "Node Type": type, "Relation Name": table = "", "Actual Loops": loops = 0 } = node;
    return type === "Seq Scan" && loops > 0 && !smallTables.has(table) ? [table] : [];
  });
  return {
    sequentialScans: scans,
    buffers: (root["Shared Hit Blocks"] ?? 0) + (root["Shared Read Blocks"] ?? 0),
    compiled: JIT !== undefined,
  };
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
