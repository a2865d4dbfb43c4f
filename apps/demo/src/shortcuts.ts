import { randomInt } from "node:crypto";

import type { Shortcut } from "@talkme/sql-prompt";

/** For people who do not want to type SQL, or do not know yet which. Each statement is shown before it runs. */
export const shortcuts: readonly Shortcut[] = [
  {
    word: "insert",
    help: "a message of campaign 101 to a new number",
    sql: () => `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
values ('${newNumber()}', 101, '{"nome":"Fulano de tal","geral1":"R$ 10,00"}') returning id;`,
  },
  {
    word: "abroad",
    help: "one to a number of another country, which needs its +",
    sql: () => `insert into talkme.outbox (numero_dest, id_campanha)
values ('+1 415 555 ${randomInt(1000, 10_000)}', 102) returning id;`,
  },
  {
    word: "lost",
    help: "one whose answer gets lost: it may have been sent, and a person decides",
    sql: () => `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
values ('${newNumber()}', 104, '{"nome":"Elisa"}') returning id;`,
  },
  {
    word: "look",
    help: "the last ten rows",
    sql: () => `select id, numero_dest, id_campanha, status, attempts, reference, error_code
from talkme.outbox order by id desc limit 10;`,
  },
  {
    word: "explain",
    argument: "ID",
    help: "why a row has not been sent",
    sql: (id) => withId(id, `select talkme.explain(${id});`),
  },
  {
    word: "resend",
    argument: "ID",
    help: "a person's decision about an unknown row: send it again",
    sql: (id) => withId(id, `select talkme.resolve(${id}, 'resend', 'not found in Talk.me');`),
  },
  {
    word: "resume",
    help: "the account sends again, after its circuit has opened",
    sql: () => "select talkme.resume('account:default');",
  },
];

function withId(id: string, sql: string): string | Error {
  return /^\d{1,18}$/.test(id) ? sql : new Error("expected the id of a row, such as 10");
}

/** Nobody's: nothing is sent to anyone. */
function newNumber(): string {
  return `119${randomInt(60_000_000, 100_000_000)}`;
}
