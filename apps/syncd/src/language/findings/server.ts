import { quote, say, type Text } from "../text.ts";

/** Findings about the server and its tables. */
export const server = {
  tooOld: (major: number) => say(`PostgreSQL ${major} is too old.`, `PostgreSQL ${major} é antigo demais.`),
  upgrade: say("Upgrade to PostgreSQL 15 or later.", "Atualize para o PostgreSQL 15 ou mais novo."),
  fine: say(
    "version and settings are fine; autovacuum is on.",
    "versão e configuração estão certas; autovacuum ligado.",
  ),
  noFsync: say(
    "fsync is off: after a crash of the server's machine, rows that were sent may be sent again.",
    "fsync está off: se a máquina do servidor cair, linhas já enviadas podem ser enviadas de novo.",
  ),
  setFsync: say("Set fsync = on in postgresql.conf.", "Ponha fsync = on no postgresql.conf."),
  encoding: (encoding: string) =>
    say(
      `the database's encoding is ${encoding}: it cannot store every character of an answer.`,
      `a codificação do banco é ${encoding}: nem todo caractere de uma resposta cabe nela.`,
    ),
  useUtf8: say("Use a database with the encoding UTF8.", "Use um banco com a codificação UTF8."),
  isolation: (isolation: string) =>
    say(
      `transactions are ${isolation} by default: concurrent claims then fail instead of waiting.`,
      `o padrão das transações é ${isolation}: assim as instâncias que pegam linhas ao mesmo tempo falham em vez de esperar.`,
    ),
  statementTimeout: (ms: number) =>
    say(
      `statement_timeout is ${ms} ms: statements on a busy server are cut off.`,
      `statement_timeout é ${ms} ms: num servidor carregado os comandos são cortados no meio.`,
    ),
  idleTimeout: (ms: number) =>
    say(
      `idle_session_timeout is ${ms} ms: it ends the connection that listens.`,
      `idle_session_timeout é ${ms} ms: ele encerra a conexão que espera as notificações.`,
    ),
  setForRole: (setting: string) =>
    say(
      `Set it for syncd's role: alter role … set ${setting}.`,
      `Ajuste para o papel do syncd: alter role … set ${setting}.`,
    ),
  fewConnections: (free: number, needed: number) =>
    say(
      `there is room for ${free} more connections; an instance uses up to ${needed}.`,
      `sobram ${free} conexões; uma instância usa até ${needed}.`,
    ),
  moreConnections: say(
    "Raise max_connections, or the limit of the role or database, or find out what uses them; a pooler needs fewer.",
    "Aumente max_connections, ou o limite do papel ou do banco, ou descubra quem as ocupa; com um pooler bastam menos.",
  ),
  vacuumOff: (names: readonly string[]) =>
    say(
      (en) =>
        `${en.list(names)} ${names.length === 1 ? "is" : "are"} off: the outbox grows and slows down with every message.`,
      (pt) => `${pt.list(names)} off: o outbox incha e fica mais lento a cada mensagem.`,
    ),
  vacuumOn: (names: readonly string[]) => {
    const lines = names.map((name) => `${name} = on`);
    return say(
      (en) => `Set ${en.list(lines)}, and reload.`,
      (pt) => `Ponha ${pt.list(lines)} e recarregue a configuração.`,
    );
  },
  tableVacuumOff: (table: string) =>
    say(
      `off for ${table}: it grows and slows down with every message.`,
      `desligado em ${table}: ela incha e fica mais lenta a cada mensagem.`,
    ),
  resetVacuum: (table: string) => quote(`alter table ${table} reset (autovacuum_enabled);`),
  invalidIndex: (index: string) =>
    say(
      `${index} is invalid; an interrupted reindex leaves such indexes.`,
      `${index} está inválido; um reindex interrompido deixa índices assim.`,
    ),
  reindex: (index: string) =>
    say(
      `reindex index concurrently ${index}; or drop it, if its name ends in _ccnew or _ccold.`,
      `reindex index concurrently ${index}; ou apague o índice, se o nome terminar em _ccnew ou _ccold.`,
    ),
};

export const clock = {
  fine: say("within 2 s of the database's.", "a menos de 2 s do relógio do banco."),
  off: (seconds: number, isAhead: boolean) =>
    say(
      (en) => `this machine is ${en.number(seconds)} s ${isAhead ? "ahead of" : "behind"} the database.`,
      (pt) =>
        `esta máquina está ${pt.number(seconds)} s ${isAhead ? "adiantada" : "atrasada"} em relação ao banco.`,
    ),
  runNtp: say(
    "Run an NTP client such as chrony on both. Due times and leases use the database's clock; certificates, logs and alerts use this one.",
    "Rode um cliente NTP, como o chrony, nas duas máquinas. Vencimentos e leases seguem o relógio do banco; certificados, logs e alertas seguem este.",
  ),
};

export const snapshots = {
  hidden: say(
    "this user may not see what other sessions do, so what keeps one open is unknown. The metrics talkme_oldest_snapshot_* are affected too: they count a snapshot's age from when it is first seen.",
    "este usuário não vê o que as outras sessões fazem, então não dá para saber quem segura um snapshot. As métricas talkme_oldest_snapshot_* também sentem: contam a idade desde que o snapshot é visto pela primeira vez.",
  ),
  grantStats: say(
    "As a superuser: grant pg_read_all_stats to syncd's role, for the metrics as well. For check alone, run it as a user who has it.",
    "Como superusuário: dê pg_read_all_stats ao papel do syncd, o que serve também às métricas. Só para o check, rode com um usuário que já tenha.",
  ),
  none: (seconds: number) =>
    say(
      (en) => `none was kept open for longer than ${en.duration(seconds)}.`,
      (pt) => `nenhum está aberto há mais de ${pt.duration(seconds)}.`,
    ),
  session: (holder: {
    readonly pid: number | null;
    readonly user: string | null;
    readonly name: string;
    readonly seconds: number | null;
    readonly state: string | null;
  }) =>
    say(
      (en) =>
        `process ${holder.pid} of ${holder.user ?? "an unknown user"} (${holder.name === "" ? "no application_name" : holder.name}) has kept one open${holder.seconds === null ? "" : ` for ${en.duration(holder.seconds)}`}, ${holder.state ?? "state unknown"}: rows sent since then cannot be cleaned up.`,
      (pt) =>
        `o processo ${holder.pid} de ${holder.user ?? "usuário desconhecido"} (${holder.name === "" ? "sem application_name" : holder.name}) segura um${holder.seconds === null ? "" : ` há ${pt.duration(holder.seconds)}`}, ${holder.state ?? "estado desconhecido"}: não dá para limpar as linhas enviadas desde então.`,
    ),
  endSession: (pid: number | null) =>
    say(
      `End it in its own program, or: select pg_terminate_backend(${pid}); idle_in_transaction_session_timeout prevents it.`,
      `Encerre no próprio programa, ou: select pg_terminate_backend(${pid}); idle_in_transaction_session_timeout evita que aconteça.`,
    ),
  prepared: (name: string, user: string | null, seconds: number | null) =>
    say(
      (en) =>
        `the prepared transaction ${name} of ${user ?? "an unknown user"} has waited${seconds === null ? "" : ` for ${en.duration(seconds)}`}: rows sent since then cannot be cleaned up.`,
      (pt) =>
        `a transação preparada ${name} de ${user ?? "usuário desconhecido"} está à espera${seconds === null ? "" : ` há ${pt.duration(seconds)}`}: não dá para limpar as linhas enviadas desde então.`,
    ),
  endPrepared: say(
    "Let its owner commit it, or: rollback prepared '…'.",
    "Peça ao dono que faça o commit, ou: rollback prepared '…'.",
  ),
  slot: (name: string) =>
    say(
      `nobody reads the replication slot ${name}: rows sent since then cannot be cleaned up.`,
      `ninguém lê o slot de replicação ${name}: não dá para limpar as linhas enviadas desde então.`,
    ),
  endSlot: say(
    "Start its standby again, or: select pg_drop_replication_slot('…').",
    "Ligue de novo a réplica que o usa, ou: select pg_drop_replication_slot('…').",
  ),
  standby: (name: string, transactions: number) =>
    say(
      (en) => `the standby ${name} needs the rows as of ${en.number(transactions)} transactions ago`,
      (pt) => `a réplica ${name} precisa das linhas como eram há ${pt.number(transactions)} transações`,
    ),
  recent: (found: Text) =>
    say(
      (en) => `${en.of(found)}, which is recent.`,
      (pt) => `${pt.of(found)}, o que é recente.`,
    ),
  old: (found: Text) =>
    say(
      (en) => `${en.of(found)}: rows sent since then cannot be cleaned up.`,
      (pt) => `${pt.of(found)}: não dá para limpar as linhas enviadas desde então.`,
    ),
  endFeedback: say(
    "End its long queries (pg_stat_activity on the standby), or set hot_standby_feedback = off there.",
    "Encerre as consultas longas nela (pg_stat_activity na réplica), ou ponha lá hot_standby_feedback = off.",
  ),
};
