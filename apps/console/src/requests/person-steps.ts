import type { OutboxDatabase } from "@talkme/outbox";
import { actAsConsole, becomePerson } from "@talkme/outbox/console";
import type { Kysely } from "kysely";

import type { Database } from "../database/database.ts";
import { NoAccess } from "./refusals.ts";

/** What a person has begun may take longer than a request. */
const statementMs = 600_000;

/** Does one step as the person, in a transaction of its own. */
export type PersonStep = <Result>(work: (db: Kysely<OutboxDatabase>) => Promise<Result>) => Promise<Result>;

/** For work that goes on when its request has ended: each step has the rights that the person has by then. */
export function personSteps({ db }: Database, name: string, language: string): PersonStep {
  return (work) =>
    db.transaction().execute(async (transaction) => {
      await actAsConsole(transaction, statementMs);
      const person = await becomePerson(transaction, name, "read write", language);
      if (person === null) throw new NoAccess(name);
      return work(transaction);
    });
}
