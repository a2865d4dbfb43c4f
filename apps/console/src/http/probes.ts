import { readSchemaState } from "@talkme/outbox";
import { actAsConsole } from "@talkme/outbox/console";
import type { Hono } from "hono";

import type { Database } from "../database/database.ts";

/** How long a probe waits for the database. */
const probeMs = 2000;

/** `/livez` asks nothing; `/readyz` asks for the database and its schema. 200 or 503, and why. */
export function routeProbes(app: Hono, database: Database, isStopping: () => boolean): void {
  app.get("/livez", (context) => context.json({ status: "ok" }));
  for (const path of ["/readyz", "/healthz"])
    app.get(path, async (context) => {
      const reason = isStopping() ? "stopping" : await obstacleIn(database);
      if (reason === null) return context.json({ status: "ok" });
      return context.json({ status: "unavailable", reasons: [reason] }, 503);
    });
}

async function obstacleIn({ db }: Database): Promise<string | null> {
  try {
    const state = await db.transaction().execute(async (transaction) => {
      await actAsConsole(transaction, probeMs);
      return readSchemaState(transaction);
    });
    return state.kind === "current" ? null : `the schema is ${state.kind}: run syncd migrate`;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
    return `the database cannot be used as talkme_console (${code})`;
  }
}
