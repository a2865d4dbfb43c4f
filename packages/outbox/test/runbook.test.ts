import { readFile } from "node:fs/promises";

import { sql } from "kysely";
import { expect, test } from "vitest";

import { settlementOf, TestOutbox } from "./support/outbox.ts";
import { sqlBlocks } from "./support/sql-blocks.ts";

/** An alert about rows, and what its section explains of them. */
const explained = {
  TalkmeNotDraining: [
    expect.stringContaining("It is the next of its"),
    expect.stringContaining("Campaign 2 is paused"),
  ],
  TalkmeOldestRowTooOld: [
    expect.stringContaining("It is the next of its"),
    expect.stringContaining("Campaign 2 is paused"),
  ],
  TalkmeRowsPaused: [expect.stringContaining("Campaign 2 is paused")],
  TalkmeUnknownRows: [expect.stringContaining("may have been sent")],
  TalkmeUnknownRowsGrow: [expect.stringContaining("may have been sent")],
  TalkmeFailureRatio: [
    expect.stringContaining("Row 1 failed"),
    expect.stringContaining("may have been sent"),
  ],
};

test.for(["runbook.md", "pt-BR/runbook.md"])(
  "the SQL of %s runs, and begins by explaining rows",
  async (page) => {
    const runbook = await readFile(new URL(`../../../docs/${page}`, import.meta.url), "utf8");
    const outbox = await TestOutbox.open();
    await outbox.register("a");
    await outbox.insertDue(4);
    const [failed, lost] = await outbox.claim("a", { limit: 2 });
    if (failed === undefined || lost === undefined) throw new Error("Nothing was claimed.");
    const attempt = { account: "default", action: "simples", ageMs: 40, durationMs: 30 } as const;
    await outbox.settle([
      settlementOf(failed, "a", {
        status: "failed",
        errorCode: "bad_request",
        attempt: { ...attempt, outcome: "rejected" },
      }),
      settlementOf(lost, "a", {
        status: "unknown",
        errorCode: "timeout",
        attempt: { ...attempt, outcome: "unknown" },
      }),
    ]);
    await outbox.insert("numero_dest, id_campanha", "values ('11988887777', 2)");
    await outbox.ask("select talkme.pause('campaign:2', 'wrong price')");

    const sentences = new Map<string, readonly unknown[]>();
    for (const section of runbook.split(/^## /m).slice(1)) {
      const statements = sqlBlocks(section).flatMap((block) => block.sql.split(/;$/m));
      const results = [];
      for (const statement of statements.filter((text) => text.trim() !== ""))
        results.push((await sql.raw<{ explain?: string }>(statement).execute(outbox.db)).rows);
      const first = results[0]?.map(({ explain }) => String(explain)) ?? [];
      sentences.set(section.slice(0, section.indexOf("\n")), first.toSorted());
    }
    const about = Object.keys(explained).map((alert) => [alert, sentences.get(alert)]);
    expect(Object.fromEntries(about)).toEqual(explained);
  },
);
