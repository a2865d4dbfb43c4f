import type { OutboxDatabase } from "@talkme/outbox";
import { readHistoryState } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { ok, problem, warning, type Finding } from "./finding.ts";

const subject = "history";

/** Is this the database in which the messages were marked, and could anybody tell? */
export async function checkHistory(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { changed, notice, is } = await readHistoryState(db);
  const unreadable = [
    is.systemIdentifier === null ? "its system identifier (pg_control_system)" : null,
    is.timeline === null ? "its timeline (pg_walfile_name, pg_current_wal_lsn)" : null,
  ].filter((what) => what !== null);
  const blind = warning(
    subject,
    `the server does not let the owner of the schema talkme read ${unreadable.join(" and ")}.`,
    "Grant the owner execute on these functions if you can. Else a failover, a restore or a copy may go unnoticed, and send again what was sent.",
  );
  return [
    changed && notice !== null
      ? problem(subject, notice, "docs/runbook.md, TalkmeHistoryChanged, says what to look at first.")
      : ok(subject, "this is the database in which the messages were marked."),
    ...(unreadable.length > 0 ? [blind] : []),
  ];
}
