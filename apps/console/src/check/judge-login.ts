import type { LoginState } from "@talkme/outbox/console";

import type { Finding } from "./finding.ts";

/** Whether the console's own login is what it should be: a member of talkme_console that inherits nothing. */
export function judgeLogin(state: LoginState): readonly Finding[] {
  const { login, isSuperuser, roleExists, isMember, inherited } = state;
  const found: Finding[] = [];
  if (isSuperuser)
    found.push({
      level: "problem",
      text:
        "The console's login is a superuser, whom nothing limits. Give it one of its own: " +
        "create role console login noinherit password '…' in role talkme_console.",
    });
  if (!roleExists)
    found.push({
      level: "problem",
      text: "There is no role talkme_console: run syncd migrate of this version, as the schema's owner.",
    });
  else if (!isMember && !isSuperuser)
    found.push({
      level: "problem",
      text: "The console's login is no member of talkme_console: grant talkme_console to that login.",
      names: [login],
    });
  if (inherited.length > 0 && !isSuperuser)
    found.push({
      level: "warning",
      text:
        "The console's login has rights of roles before it becomes a person: alter role … noinherit; from PostgreSQL 16 on " +
        "also grant each again, with inherit false.",
      names: inherited,
    });
  return found.length > 0
    ? found
    : [{ level: "ok", text: "The login is a member of talkme_console, and inherits nothing." }];
}
