import type { OutboxDatabase } from "@talkme/outbox";
import { readHistoryState } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { history } from "../language/findings/outbox.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const subject = "history";

/** Is this the database in which the messages were marked, and could anybody tell? */
export async function checkHistory(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const { changed, notice, noticeInPortuguese, is } = await readHistoryState(db);
  const [identifierHidden, timelineHidden] = [is.systemIdentifier === null, is.timeline === null];
  const blind = history.blind(identifierHidden, timelineHidden);
  return [
    changed && notice !== null
      ? problem(subject, history.changed(notice, noticeInPortuguese ?? notice), history.readRunbook)
      : ok(subject, history.same),
    ...(identifierHidden || timelineHidden ? [warning(subject, blind, history.grantFunctions)] : []),
  ];
}
