import { say, type Text } from "../text.ts";
import type { Words } from "../words.ts";

/** Findings about the way to the database. */
export const connection = {
  answers: (place: string, version: string, user: string) =>
    say(
      `${place} answers: PostgreSQL ${version}, as ${user}.`,
      `${place} responde: PostgreSQL ${version}, como ${user}.`,
    ),
  unusable: (place: string, why: string) =>
    say(`${place} cannot be used: ${why}`, `não dá para usar ${place}: ${why}`),
  unreachable: (place: string, why: string) =>
    say(
      `The database ${place} cannot be reached: ${why}`,
      `Não foi possível chegar ao banco ${place}: ${why}`,
    ),
  readOnly: (place: string) =>
    say(
      `${place} is read-only: syncd could not mark rows there.`,
      `${place} é somente leitura: o syncd não conseguiria marcar as linhas ali.`,
    ),
  toPrimary: say(
    "Connect to the primary, with a user whose sessions may write.",
    "Conecte no primário, com um usuário cujas sessões possam gravar.",
  ),
  unchecked: (why: string) => say(`could not be checked: ${why}.`, `não deu para conferir: ${why}.`),
  grantAndCheck: say(
    "Grant it, as the owner of the schema talkme, then run check again.",
    "Dê a permissão, como dono do esquema talkme, e rode check de novo.",
  ),
  hasPrivileges: say(
    "this user has every privilege it needs.",
    "este usuário tem todas as permissões de que precisa.",
  ),
  lacks: (user: string, missing: readonly string[]) =>
    say(`${user} lacks ${missing.join(", ")}.`, `faltam a ${user}: ${missing.join(", ")}.`),
  grant: say("Grant it, as the owner of the schema talkme.", "Dê a permissão, como dono do esquema talkme."),
};

/** What to do about a connection that fails. */
export const connecting = {
  startupParameter: say(
    "A pooler refuses a parameter of the URL: leave it out of the URL, or name it in PgBouncer's ignore_startup_parameters.",
    "Um pooler recusa um parâmetro da URL: tire o parâmetro, ou ponha o nome dele em ignore_startup_parameters do PgBouncer.",
  ),
  noTls: say(
    "Switch TLS on in the server (ssl = on), or use sslmode=disable on a network of your own.",
    "Ligue o TLS no servidor (ssl = on), ou use sslmode=disable numa rede só sua.",
  ),
  certificate: say(
    "Name the certificate's authority with sslrootcert=PATH in the URL, and the server by the name in its certificate; sslmode=require means verify-full here.",
    "Informe a autoridade do certificado com sslrootcert=CAMINHO na URL, e o servidor pelo nome que está no certificado; aqui sslmode=require vale como verify-full.",
  ),
  hba: say(
    "Let this machine and user in: a line of pg_hba.conf, hostssl for sslmode=verify-full.",
    "Libere esta máquina e este usuário: uma linha no pg_hba.conf, hostssl para sslmode=verify-full.",
  ),
  unresolved: say(
    "The host's name cannot be resolved: correct it in the URL, or this machine's DNS.",
    "O nome do servidor não foi encontrado: corrija a URL ou o DNS desta máquina.",
  ),
  unreachable: say(
    "Check host and port in the URL, the firewall, and that the server runs.",
    "Confira servidor e porta na URL, o firewall, e se o servidor está no ar.",
  ),
  login: say(
    "Correct user and password in the URL; special characters must be percent-encoded.",
    "Corrija usuário e senha na URL; caracteres especiais vão codificados com %.",
  ),
  missingFile: say(
    "A file or socket that the URL names does not exist.",
    "Um arquivo ou socket citado na URL não existe.",
  ),
  missingDatabase: say(
    "Create the database, or correct its name in the URL.",
    "Crie o banco, ou corrija o nome dele na URL.",
  ),
  full: say(
    "The server has no connection left: raise max_connections, or use a pooler.",
    "O servidor não tem mais conexões: aumente max_connections ou use um pooler.",
  ),
  mayConnect: say(
    "Grant CONNECT on the database to this user.",
    "Dê a este usuário a permissão CONNECT no banco.",
  ),
  noPrimary: say(
    "None of the hosts takes writes: the cluster has no primary now, or the URL does not name it.",
    "Nenhum dos servidores aceita gravação: o cluster está sem primário, ou a URL não o inclui.",
  ),
  starting: say(
    "The server is starting or stopping: wait, then run check again.",
    "O servidor está subindo ou parando: espere e rode check de novo.",
  ),
  other: say(
    "Check the URL, and that the server runs and admits this machine.",
    "Confira a URL, e se o servidor está no ar e aceita esta máquina.",
  ),
};

export const hosts = {
  writable: say("takes writes", "aceita gravação"),
  standby: say("is a standby", "é réplica"),
  readOnly: say("is read-only", "é somente leitura"),
  unusable: (why: string) => say(`cannot be used (${why})`, `não dá para usar (${why})`),
  found: (connected: string, states: readonly (readonly [string, Text])[]) => {
    const shown = (words: Words): string =>
      states.map(([place, state]) => `${place} ${words.of(state)}`).join("; ");
    return say(
      (en) => `connected to ${connected}: ${shown(en)}.`,
      (pt) => `conectado a ${connected}: ${shown(pt)}.`,
    );
  },
  severalWritable: (found: Text) =>
    say(
      (en) => `${en.of(found)} More than one takes writes.`,
      (pt) => `${pt.of(found)} Mais de um aceita gravação.`,
    ),
  findPrimary: say(
    "Find out which is the primary, and stop the other: what is sent from one is not known to the other.",
    "Descubra qual é o primário e pare o outro: o que sai de um o outro não fica sabendo.",
  ),
  anyTaken: (found: Text) =>
    say(
      (en) => `${en.of(found)} target_session_attrs is any: a standby would be taken, too.`,
      (pt) => `${pt.of(found)} target_session_attrs é any: uma réplica também serviria.`,
    ),
  readWrite: say(
    "Say target_session_attrs=read-write, or leave it out: syncd cannot work on a standby.",
    "Use target_session_attrs=read-write, ou tire o parâmetro: o syncd não funciona numa réplica.",
  ),
};

export const tls = {
  local: (place: string) =>
    say(`not needed: ${place} is this machine.`, `não é preciso: ${place} é esta máquina.`),
  verified: (place: string) =>
    say(`encrypted, and ${place} must prove its name.`, `criptografado, e ${place} tem de provar o nome.`),
  authority: (place: string) =>
    say(
      `encrypted, but any server with a certificate of the same authority passes for ${place}.`,
      `criptografado, mas qualquer servidor com certificado da mesma autoridade passa por ${place}.`,
    ),
  unverified: (place: string) =>
    say(
      `encrypted, but anybody can pass for ${place}.`,
      `criptografado, mas qualquer um pode se passar por ${place}.`,
    ),
  none: (place: string) =>
    say(`the connection to ${place} is not encrypted.`, `a conexão com ${place} não é criptografada.`),
  verifyFull: say(
    "Add sslmode=verify-full to the URL, and sslrootcert=PATH where the authority is your own. This connection carries phone numbers and answers.",
    "Ponha sslmode=verify-full na URL, e sslrootcert=CAMINHO se a autoridade for sua. Por esta conexão passam telefones e respostas.",
  ),
};

export const pooler = {
  direct: (place: string) =>
    say(`none: ${place} is the server itself.`, `nenhum: ${place} é o próprio servidor.`),
  transaction: (place: string) =>
    say(`${place} pools transactions, which is fine.`, `${place} trabalha por transação, e está certo.`),
  session: (place: string) =>
    say(
      `${place} pools sessions: each instance keeps up to seven of its connections.`,
      `${place} trabalha por sessão: cada instância ocupa até sete das conexões dele.`,
    ),
  statement: (place: string) =>
    say(
      `${place} pools statements: migrations and some repairs of rows need transactions.`,
      `${place} trabalha por comando: as migrações e alguns consertos de linhas precisam de transações.`,
    ),
  poolTransactions: say(
    "Set pool_mode = transaction for this database in PgBouncer, or connect to the server itself.",
    "Ponha pool_mode = transaction para este banco no PgBouncer, ou conecte direto no servidor.",
  ),
  unclear: (place: string) =>
    say(
      `${place} is a pooler that gave out no second connection within 5 s.`,
      `${place} é um pooler que não deu uma segunda conexão em 5 s.`,
    ),
  largerPool: say(
    "Give its pool at least seven connections for each instance (default_pool_size), and find out what uses them.",
    "Dê ao pool pelo menos sete conexões por instância (default_pool_size), e descubra quem as ocupa.",
  ),
};

export const notifications = {
  off: say(
    "off: rows are found by polling alone.",
    "desligadas: as linhas são achadas só pela consulta periódica.",
  ),
  arrive: (place: string) => say(`arrive from ${place}.`, `chegam de ${place}.`),
  missing: (place: string, reason: Text) =>
    say(
      (en) => `do not arrive from ${place}: ${en.of(reason)}.`,
      (pt) => `não chegam de ${place}: ${pt.of(reason)}.`,
    ),
  otherDatabase: say("it is not the database of TALKME_DATABASE_URL", "não é o banco de TALKME_DATABASE_URL"),
  noCause: say("the cause is unknown", "a causa é desconhecida"),
  pools: (mode: "transaction" | "statement" | "unclear") =>
    say(
      `it is a pooler in ${mode === "unclear" ? "an unknown" : mode} mode`,
      mode === "unclear" ? "é um pooler num modo desconhecido" : `é um pooler no modo ${mode}`,
    ),
  unusable: (place: string, why: string) =>
    say(`${place} cannot be used: ${why}.`, `não dá para usar ${place}: ${why}.`),
  directUrl: say(
    "Set TALKME_LISTEN_URL to a direct connection, or to off. Until then rows wait for the next poll.",
    "Ponha em TALKME_LISTEN_URL uma conexão direta, ou off. Até lá, as linhas esperam a próxima consulta.",
  ),
  first: (remedy: Text, then: Text) =>
    say(
      (en) => `${en.of(remedy)} ${en.of(then)}`,
      (pt) => `${pt.of(remedy)} ${pt.of(then)}`,
    ),
};
