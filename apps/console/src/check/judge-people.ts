import type { ConsoleAccount, GrantedRole } from "@talkme/outbox/console";

import type { LoginSettings } from "../config/settings.ts";
import type { Finding } from "./finding.ts";

/** Whether somebody can work with the console, and who cannot although somebody has begun to let them. */
export function judgePeople(
  granted: readonly GrantedRole[],
  accounts: readonly Pick<ConsoleAccount, "name" | "role">[],
  login: LoginSettings["kind"],
): readonly Finding[] {
  const found: Finding[] = [];
  const people = granted.filter((one) => !one.isSuperuser && hasRights(one)).map(({ role }) => role);
  if (people.length === 0)
    found.push({
      level: "problem",
      text: 'Nobody can use the console: create role "ana.lima" in role talkme_operator; and grant "ana.lima" to the console\'s login.',
    });
  else found.push({ level: "ok", text: "Roles that are people of the console:", names: people });

  const superusers = granted.filter(({ isSuperuser }) => isSuperuser).map(({ role }) => role);
  if (superusers.length > 0)
    found.push({
      level: "warning",
      text: "Superusers were granted to the login, and are refused. Take that back: revoke … from the login.",
      names: superusers,
    });
  const without = granted.filter((one) => !one.isSuperuser && !hasRights(one)).map(({ role }) => role);
  if (without.length > 0)
    found.push({
      level: "warning",
      text:
        "Roles that were granted to the login and may do nothing: grant each talkme_viewer, talkme_operator, " +
        "talkme_marketing or talkme_producer.",
      names: without,
    });

  const lost = accounts
    .filter(({ role }) => !people.includes(role))
    .map(({ name, role }) => `${name} (${role})`);
  if (lost.length > 0)
    found.push({
      level: "warning",
      text: "Accounts whose role cannot use the console: grant the role to the login, or remove the account.",
      names: lost,
    });
  if (login === "local" && accounts.length === lost.length && people.length > 0)
    found.push({
      level: "problem",
      text: "Nobody can log in by a password: talkme-console account add NAME --role ROLE.",
    });
  return found;
}

function hasRights({ viewer, operator, marketing, producer }: GrantedRole): boolean {
  return viewer || operator || marketing || producer;
}
