import type { SchemaDifference } from "@talkme/outbox/daemon";
import type { SchemaState } from "@talkme/outbox";

import { quote, say, type Text } from "../text.ts";

/** What is wrong with the schema's version and what to do, in a sentence. */
export function unfitSchema(state: Exclude<SchemaState, { kind: "current" }>): Text {
  switch (state.kind) {
    case "absent":
      return say(
        "The database has no schema talkme. Run: syncd migrate",
        "O banco não tem o esquema talkme. Rode: syncd migrate",
      );
    case "older": {
      const pending = state.pending.map(({ name }) => name).join(", ");
      return say(
        `The schema talkme lacks ${pending}. Run: syncd migrate`,
        `Faltam no esquema talkme: ${pending}. Rode: syncd migrate`,
      );
    }
    case "newer": {
      const unknown = state.unknown.join(", ");
      return say(
        `The schema talkme is newer than this syncd: it has ${unknown}. Run a later version of syncd.`,
        `O esquema talkme é mais novo que este syncd: ele tem ${unknown}. Use uma versão mais recente do syncd.`,
      );
    }
  }
}

export const schema = {
  current: say("talkme is up to date.", "talkme está atualizado."),
  checkAgain: say("Then run check again.", "Depois rode check de novo."),
  unchanged: say(
    "owners, triggers, indexes and functions are as the migrations made them.",
    "donos, gatilhos, índices e funções estão como as migrações os criaram.",
  ),
  foreignTrigger: (trigger: string) =>
    say(
      `not from the migrations; it runs for the writes of syncd too: ${trigger}.`,
      `não vem das migrações e também dispara para o que o syncd grava: ${trigger}.`,
    ),
};

interface Fault {
  readonly detail: Text;
  readonly remedy: Text;
}

/** A difference from what the migrations made, in words. */
export function schemaFault(difference: SchemaDifference): Fault {
  switch (difference.kind) {
    case "row_security_off":
      return {
        detail: say(
          "row_security is off: PostgreSQL refuses every statement on talkme.outbox.",
          "row_security está off: o PostgreSQL recusa qualquer comando em talkme.outbox.",
        ),
        remedy: reset(difference.user, "row_security"),
      };
    case "replication_role":
      return {
        detail: say(
          `session_replication_role is ${difference.role}: the triggers of the outbox do not fire for what this user writes.`,
          `session_replication_role é ${difference.role}: os gatilhos do outbox não disparam para o que este usuário grava.`,
        ),
        remedy: reset(difference.user, "session_replication_role"),
      };
    case "search_path": {
      const before = difference.before.join(", ");
      return {
        detail: say(
          `search_path puts before PostgreSQL's own: ${before}. Statements would not mean what they say.`,
          `search_path põe na frente do que é do PostgreSQL: ${before}. Os comandos fariam outra coisa do que dizem.`,
        ),
        remedy: reset(difference.user, "search_path"),
      };
    }
    case "several_owners":
      return severalOwners(difference);
    case "rows_hidden":
      return {
        detail: say(
          `row level security was enabled on ${difference.table}: syncd sees none of its rows.`,
          `row level security foi ativado em ${difference.table}: o syncd não vê nenhuma linha.`,
        ),
        remedy: quote(`alter table ${difference.table} disable row level security;`),
      };
    case "rows_open":
      return {
        detail: say(
          `row level security was disabled on ${difference.table}: producers see the rows of others.`,
          `row level security foi desativado em ${difference.table}: os produtores veem as linhas dos outros.`,
        ),
        remedy: quote(`alter table ${difference.table} enable row level security;`),
      };
    case "security_forced":
      return {
        detail: say(
          `row level security is forced on ${difference.table}, for its owner too: functions see less than they have to.`,
          `row level security vale em ${difference.table} até para o dono (force): as funções veem menos do que precisam.`,
        ),
        remedy: quote(`alter table ${difference.table} no force row level security;`),
      };
    case "policy_missing":
      return {
        detail: say(
          `the policy ${difference.policy} is missing.`,
          `falta a política (policy) ${difference.policy}.`,
        ),
        remedy: say(
          "Create it again: syncd migrate --print on an empty database has its statement.",
          "Crie de novo: syncd migrate --print num banco vazio mostra o comando.",
        ),
      };
    case "policy_added":
      return {
        detail: say(
          `somebody has put the policy ${difference.policy} on ${difference.table}: it may hide rows from syncd.`,
          `alguém criou a política ${difference.policy} em ${difference.table}: ela pode esconder linhas do syncd.`,
        ),
        remedy: quote(`drop policy ${difference.policy} on ${difference.table};`),
      };
    case "trigger_missing":
      return {
        detail: say(
          `${difference.trigger} on ${difference.table} is missing.`,
          `falta o gatilho ${difference.trigger} de ${difference.table}.`,
        ),
        remedy: say(
          "Create it again: syncd migrate --print on an empty database shows it.",
          "Crie de novo: syncd migrate --print num banco vazio mostra o comando.",
        ),
      };
    case "trigger_silent":
      return {
        detail: silentTrigger(difference),
        remedy: quote(`alter table ${difference.table} ${difference.mode} trigger ${difference.trigger};`),
      };
    case "index_missing":
      return {
        detail: say(
          `talkme.${difference.index} is missing: ${difference.unique ? "nothing keeps rows unique" : "whole tables are read"}.`,
          `falta talkme.${difference.index}: ${difference.unique ? "nada impede linhas repetidas" : "tabelas inteiras são lidas"}.`,
        ),
        remedy: say(
          "Create it again: syncd migrate --print on an empty database shows how.",
          "Crie de novo: syncd migrate --print num banco vazio mostra como.",
        ),
      };
    case "index_invalid":
      return {
        detail: say(
          `talkme.${difference.index} is invalid: nothing keeps rows unique.`,
          `talkme.${difference.index} está inválido: nada impede linhas repetidas.`,
        ),
        remedy: quote(`reindex index concurrently talkme.${difference.index};`),
      };
    case "function_missing":
      return {
        detail: say(
          `the function talkme.${difference.name} is missing.`,
          `falta a função talkme.${difference.name}.`,
        ),
        remedy: takeFunction,
      };
    case "function_replaced":
      return {
        detail: say(
          `the function talkme.${difference.name} was replaced by another one.`,
          `a função talkme.${difference.name} foi trocada por outra.`,
        ),
        remedy: takeFunction,
      };
    case "table_unlogged":
      return {
        detail: say(
          `${difference.table} is unlogged: a crash of the server empties it.`,
          `${difference.table} é unlogged: se o servidor cair, ela fica vazia.`,
        ),
        remedy: quote(`alter table ${difference.table} set logged;`),
      };
    case "table_unidentified":
      return {
        detail: say(
          `${difference.table} is published for logical replication without a replica identity: PostgreSQL refuses each update.`,
          `${difference.table} está publicada para replicação lógica sem replica identity: o PostgreSQL recusa todo update.`,
        ),
        remedy: quote(`alter table ${difference.table} replica identity default;`),
      };
    case "rule_added":
      return {
        detail: say(
          `somebody has put the rule ${difference.rule} on ${difference.table}: what syncd writes may not arrive.`,
          `alguém criou a regra (rule) ${difference.rule} em ${difference.table}: o que o syncd grava pode não chegar lá.`,
        ),
        remedy: quote(`drop rule ${difference.rule} on ${difference.table};`),
      };
    case "sequence_behind":
      return {
        detail: say(
          `${difference.sequence} is behind the rows of ${difference.relation}, as after a cut-over by logical replication: inserts fail.`,
          `${difference.sequence} ficou atrás das linhas de ${difference.relation}, como depois de uma virada por replicação lógica: os inserts falham.`,
        ),
        remedy: quote(`select setval('${difference.sequence}', ${difference.highest});`),
      };
  }
}

const takeFunction = say(
  "Take what syncd migrate --print shows on an empty database, of the version that runs.",
  "Use o que syncd migrate --print mostra num banco vazio, na versão que está rodando.",
);

function reset(user: string, name: string): Text {
  const role = `alter role ${user} reset ${name};`;
  const database = `alter database … reset ${name};`;
  return say(
    `${role} or, where the database sets it: ${database} then reconnect.`,
    `${role} ou, se quem define é o banco: ${database} depois reconecte.`,
  );
}

const shownObjects = 5;

function severalOwners({
  owner,
  objects,
  other,
  powerless,
}: Extract<SchemaDifference, { kind: "several_owners" }>): Fault {
  const shown = objects.slice(0, shownObjects).join(", ");
  const more = Math.max(0, objects.length - shownObjects);
  const unusable = powerless.join(", ");
  return {
    detail: say(
      `${shown}${more === 0 ? "" : ` and ${more} more`} belong to ${owner}, and the rest of the schema talkme to ${other}: functions run with the rights of their owner.${unusable === "" ? "" : ` Functions cannot use ${unusable} any more.`}`,
      `${shown}${more === 0 ? "" : ` e mais ${more}`} pertencem a ${owner}, e o resto do esquema talkme a ${other}: as funções rodam com os direitos do dono.${unusable === "" ? "" : ` As funções já não podem usar ${unusable}.`}`,
    ),
    remedy: say(
      `Give everything to one role: reassign owned by ${owner} to ${other}; or alter table, alter function … owner to ….`,
      `Deixe tudo com um papel só: reassign owned by ${owner} to ${other}; ou alter table, alter function … owner to ….`,
    ),
  };
}

function silentTrigger({
  trigger,
  table,
  writes,
}: Extract<SchemaDifference, { kind: "trigger_silent" }>): Text {
  if (writes === "all")
    return say(
      `${trigger} on ${table} is disabled: rows come in unchecked, and without the recipient that suppression goes by.`,
      `${trigger} de ${table} está desativado: as linhas entram sem conferência e sem o destinatário que o bloqueio usa.`,
    );
  return say(
    `${trigger} on ${table} no longer fires for ${writes}.`,
    `${trigger} de ${table} já não dispara para ${writes === "replication" ? "a replicação" : "as aplicações"}.`,
  );
}
