import { installedVersions, startEmbeddedServer } from "@talkme/test-postgres";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { migrate } from "../src/index.ts";
import { connect } from "./support/connect.ts";

// Function bodies are compiled only when they are called.
test.each(installedVersions())(
  "every function and view for people works on PostgreSQL $version as well",
  async ({ folder }) => {
    const server = await startEmbeddedServer({ binariesFolder: folder, inMemory: true });
    const db = connect(server.url);
    onTestFinished(async () => {
      await db.destroy();
      await server.remove();
    });
    await migrate(db);
    const ask = async (query: string): Promise<readonly unknown[]> => {
      const { rows } = await sql<Record<string, unknown>>`${sql.raw(query)}`.execute(db);
      return rows.map((row) => Object.values(row)[0]);
    };

    expect(await ask("select talkme.enqueue('11988887777', i) from generate_series(1, 4) as i")).toEqual([
      "1",
      "2",
      "3",
      "4",
    ]);
    expect(
      await ask("select talkme.enqueue('11988887777', 1, dedupe_key => 'k', on_duplicate_key => 'skip')"),
    ).toEqual(["5"]);
    expect(await ask("select talkme.cancel(1, 'x')")).toEqual(["Row 1 is cancelled."]);
    expect(await ask("select talkme.retry(1, expires_at => 'infinity')")).toEqual(["Row 1 is pending."]);
    await ask("update talkme.outbox set status = 'unknown', error_code = 'timeout' where id = 2");
    await ask("update talkme.outbox set status = 'unknown', error_code = 'timeout' where id = 3");
    expect(await ask("select talkme.resolve(2, 'failed')")).toEqual(["Row 2 is failed."]);
    expect(await ask("select talkme.resolve_where('resend', id_campanha => 3, go => true)")).toEqual([
      '("made pending",unknown,timeout,1)',
    ]);
    expect(await ask("select talkme.cancel_where(id_campanha => 3, go => true)")).toEqual([
      "(cancelled,pending,timeout,1)",
    ]);
    expect(await ask("select talkme.retry_where(error_code => 'timeout', go => true)")).toEqual([
      '("made pending",failed,timeout,1)',
    ]);
    expect(
      await ask("select talkme.explain(id) from talkme.outbox where status = 'pending' order by id"),
    ).toHaveLength(4);
    expect(await ask("select event from talkme.history(1)")).toContain("retry");
    expect(await ask("select sum(pending) from talkme.stats")).toEqual(["4"]);
    expect(await ask("select status from talkme.failures")).toEqual(["cancelled"]);
  },
);
