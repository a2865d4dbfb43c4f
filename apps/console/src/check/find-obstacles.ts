import { readSchemaState, type OutboxDatabase } from "@talkme/outbox";
import { actAsConsole, listAccounts, listGrantedRoles, readLoginState } from "@talkme/outbox/console";
import type { Kysely } from "kysely";

import type { LoginSettings } from "../config/settings.ts";
import type { Finding } from "./finding.ts";
import { judgeLogin } from "./judge-login.ts";
import { judgePeople } from "./judge-people.ts";

const statementMs = 5000;

/** Everything between an installed console and people who work with it, in the order in which to put it right. Never throws. */
export async function findObstacles(
  db: Kysely<OutboxDatabase>,
  login: LoginSettings["kind"],
): Promise<readonly Finding[]> {
  try {
    return await look(db, login);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
    return [
      {
        level: "problem",
        text: `The database cannot be asked (${code}): is TALKME_CONSOLE_DATABASE_URL right, and PostgreSQL there?`,
      },
    ];
  }
}

async function look(db: Kysely<OutboxDatabase>, login: LoginSettings["kind"]): Promise<readonly Finding[]> {
  const judged = judgeLogin(await readLoginState(db));
  if (judged.some(({ level }) => level === "problem")) return judged;
  return db.transaction().execute(async (transaction) => {
    await actAsConsole(transaction, statementMs);
    const state = await readSchemaState(transaction);
    if (state.kind === "newer")
      return [
        ...judged,
        { level: "problem", text: "The schema is newer than this console: install its version." },
      ];
    if (state.kind !== "current")
      return [
        ...judged,
        { level: "problem", text: `The schema is ${state.kind}: run syncd migrate of this version.` },
      ];
    const people = judgePeople(await listGrantedRoles(transaction), await listAccounts(transaction), login);
    return [...judged, { level: "ok", text: "The schema is this version's." }, ...people];
  });
}
