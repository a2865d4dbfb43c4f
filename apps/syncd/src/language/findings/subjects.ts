import { say, type Text } from "../text.ts";

/** What a finding is about: its name in `--json`. */
export type Subject = keyof typeof names | `API of account ${string}`;

const names = {
  settings: say("settings", "configuração"),
  HTTP: say("HTTP", "HTTP"),
  proxy: say("proxy", "proxy"),
  database: say("database", "banco"),
  "TLS to the database": say("TLS to the database", "TLS até o banco"),
  "TLS of TALKME_LISTEN_URL": say("TLS of TALKME_LISTEN_URL", "TLS de TALKME_LISTEN_URL"),
  writing: say("writing", "gravação"),
  hosts: say("hosts", "servidores"),
  pooler: say("pooler", "pooler"),
  server: say("server", "servidor"),
  connections: say("connections", "conexões"),
  autovacuum: say("autovacuum", "autovacuum"),
  standby: say("standby", "réplica"),
  clock: say("clock", "relógio"),
  schema: say("schema", "esquema"),
  grants: say("grants", "permissões"),
  objects: say("objects", "objetos"),
  session: say("session", "sessão"),
  owners: say("owners", "donos"),
  security: say("security", "segurança"),
  triggers: say("triggers", "gatilhos"),
  indexes: say("indexes", "índices"),
  functions: say("functions", "funções"),
  tables: say("tables", "tabelas"),
  sequences: say("sequences", "sequências"),
  captures: say("captures", "capturas"),
  roles: say("roles", "papéis"),
  snapshots: say("snapshots", "snapshots"),
  history: say("history", "histórico"),
  instances: say("instances", "instâncias"),
  queue: say("queue", "fila"),
  accounts: say("accounts", "contas"),
  circuit: say("circuit", "circuito"),
  campaigns: say("campaigns", "campanhas"),
  pauses: say("pauses", "pausas"),
  notifications: say("notifications", "notificações"),
};

const ofAccount = "API of account ";

/** The same for people. */
export function subjectName(subject: Subject): Text {
  if (isNamed(subject)) return names[subject];
  return say(subject, `API da conta ${subject.slice(ofAccount.length)}`);
}

function isNamed(subject: Subject): subject is keyof typeof names {
  return Object.hasOwn(names, subject);
}
