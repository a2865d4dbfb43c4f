import { quote, say } from "../text.ts";

/** Findings about what the database holds: captures, roles, history, instances, the queue and its pauses. */
export const captures = {
  silent: (name: string, source: string, status: string) =>
    say(`${name} on ${source} is ${status}.`, `${name} em ${source}: ${status}.`),
  enable: (source: string, name: string) => {
    const statement = `alter table ${source} enable trigger talkme_capture_${name}_insert, enable trigger talkme_capture_${name}_update;`;
    return say(`${statement} whichever of the two exist.`, `${statement} o que existir dos dois.`);
  },
  recreate: (name: string) =>
    say(
      `Create it again with talkme.capture(..., replace => true), or drop it: select talkme.drop_capture('${name}');`,
      `Crie de novo com talkme.capture(..., replace => true), ou remova: select talkme.drop_capture('${name}');`,
    ),
};

export const roles = {
  missing: (role: string) =>
    say(
      `${role} does not exist: it was renamed or dropped. Functions that look for it by name refuse its members, and the next migration creates it again without its grants.`,
      `${role} não existe: foi renomeado ou apagado. As funções que o procuram pelo nome recusam os membros dele, e a próxima migração o recria sem as permissões.`,
    ),
  rename: (role: string) =>
    say(
      `alter role NEW_NAME rename to ${role}; or, where it was dropped, create it and repeat the grants of docs/privileges.md.`,
      `alter role NOME_NOVO rename to ${role}; ou, se foi apagado, crie de novo e repita as permissões de docs/privileges.md.`,
    ),
  powerful: (role: string, attributes: string) =>
    say(
      `${role} is ${attributes}: its members can do more than docs/privileges.md says.`,
      `${role} é ${attributes}: os membros podem mais do que diz docs/privileges.md.`,
    ),
  weaken: (role: string, attributes: string) =>
    say(
      `alter role ${role} ${attributes}; and give people and programs logins of their own.`,
      `alter role ${role} ${attributes}; e dê a pessoas e programas logins próprios.`,
    ),
  creator: (role: string) =>
    say(
      `${role} may create objects in the schema talkme: a function there could replace one of its own and run with the owner's rights.`,
      `${role} pode criar objetos no esquema talkme: uma função ali poderia tomar o lugar de uma das nossas e rodar com os direitos do dono.`,
    ),
  revokeCreate: (schema: string, role: string) => quote(`revoke create on schema ${schema} from ${role};`),
  writableSchema: (schema: string) =>
    say(
      `everybody may create objects in the schema ${schema}, where statements of syncd look up names: a function there could run with its rights.`,
      `qualquer um pode criar objetos no esquema ${schema}, onde os comandos do syncd procuram nomes: uma função ali poderia rodar com os direitos dele.`,
    ),
  closeSchema: (schema: string) =>
    say(
      `revoke create on schema ${schema} from public; or alter role SYNCD_LOGIN set search_path = pg_catalog;`,
      `revoke create on schema ${schema} from public; ou alter role LOGIN_DO_SYNCD set search_path = pg_catalog;`,
    ),
  goneProducer: (role: string) =>
    say(
      `rows were inserted by ${role}, a role that no longer exists. If it was renamed, it can neither see nor cancel them.`,
      `há linhas inseridas por ${role}, um papel que não existe mais. Se foi renomeado, ele não consegue nem ver nem cancelar essas linhas.`,
    ),
  stepIn: (role: string) =>
    say(
      `create role ${role} nologin; grant ${role} to NEW_NAME; so that the new name sees what the old one inserted.`,
      `create role ${role} nologin; grant ${role} to NOME_NOVO; assim o nome novo vê o que o antigo inseriu.`,
    ),
};

export const history = {
  same: say(
    "this is the database in which the messages were marked.",
    "este é o banco em que as mensagens foram marcadas.",
  ),
  /** The database's own sentences. */
  changed: (english: string, portuguese: string) => say(english, portuguese),
  readRunbook: say(
    "docs/runbook.md, TalkmeHistoryChanged, says what to look at first.",
    "docs/runbook.md, em TalkmeHistoryChanged, diz o que olhar primeiro.",
  ),
  blind: (identifier: boolean, timeline: boolean) => {
    const missing = (name: string, one: string, other: string): readonly string[] => [
      ...(identifier ? [`${name} (pg_control_system)`] : []),
      ...(timeline ? [`${one} (pg_walfile_name, ${other})`] : []),
    ];
    return say(
      (en) =>
        `the server does not let the owner of the schema talkme read ${en.list(missing("its system identifier", "its timeline", "pg_current_wal_lsn"))}.`,
      (pt) =>
        `o servidor não deixa o dono do esquema talkme ler ${pt.list(missing("o identificador do sistema", "a linha do tempo", "pg_current_wal_lsn"))}.`,
    );
  },
  grantFunctions: say(
    "Grant the owner execute on these functions if you can. Else a failover, a restore or a copy may go unnoticed, and send again what was sent.",
    "Se puder, dê ao dono permissão de execução nessas funções. Sem isso, um failover, uma restauração ou uma cópia pode passar despercebida e enviar de novo o que já foi.",
  ),
};

export const instances = {
  alive: (count: number) =>
    say(`${count} alive.`, (pt) => `${count} ${pt.plural(count, "ativa", "ativas")}.`),
  noneAlive: (silentSeconds: number) =>
    say(
      (en) =>
        `no instance is alive: the last one was heard from ${en.duration(silentSeconds)} ago, and did not sign off.`,
      (pt) =>
        `nenhuma instância ativa: a última deu sinal há ${pt.duration(silentSeconds)} e não se despediu.`,
    ),
  restart: say(
    "Find out how it ended from its log and the service manager's, and start it again; it takes over the rows in sending.",
    "Veja no log dela e no do gerenciador de serviços como terminou, e ligue de novo; ela assume as linhas que estão em sending.",
  ),
};

export const queue = {
  strangers: (accounts: readonly string[], mayBeMore: boolean) =>
    say(
      `rows wait for accounts that are not configured here: ${accounts.join(", ")}${mayBeMore ? ", and perhaps more" : ""}.`,
      `há linhas à espera de contas que não estão configuradas aqui: ${accounts.join(", ")}${mayBeMore ? ", e talvez outras" : ""}.`,
    ),
  addAccounts: say(
    "Add them to TALKME_CONFIG, or correct the rows' account; until then these rows wait.",
    "Ponha as contas em TALKME_CONFIG, ou corrija a conta das linhas; até lá elas esperam.",
  ),
  circuit: (account: string, kind: string, instance: string | null, seconds: number) =>
    say(
      (en) =>
        `the circuit is open for account ${account} (${kind})${instance === null ? "" : `, for the token of instance ${instance} alone`}: its rows wait, and one is tried in ${en.duration(seconds)}.`,
      (pt) =>
        `o circuito está aberto na conta ${account} (${kind})${instance === null ? "" : `, só para o token da instância ${instance}`}: as linhas dela esperam, e uma é tentada em ${pt.duration(seconds)}.`,
    ),
  closeCircuit: (scope: string) =>
    say(
      `Mend what opened it, then: select talkme.resume('${scope}');`,
      `Resolva a causa e depois: select talkme.resume('${scope}');`,
    ),
  quiet: (lane: string, notFounds: number, seconds: number) =>
    say(
      (en) =>
        `${lane} is left alone: ${notFounds === 0 ? "no response rule matches the API's answer" : `the API did not find it ${notFounds} times in a row`}; one row is tried in ${en.number(seconds)} s.`,
      (pt) =>
        `${lane} está de lado: ${notFounds === 0 ? "nenhuma regra reconhece a resposta da API" : `a API não o encontrou ${notFounds} ${pt.plural(notFounds, "vez", "vezes seguidas")}`}; uma linha é tentada em ${pt.number(seconds)} s.`,
    ),
  mendQuiet: (notFounds: number, scope: string) =>
    say(
      `${notFounds === 0 ? "Read the error of its unknown rows and add a response rule" : "Correct id_campanha or id_wpp of its rows, or have Talk.me create it"}, then: select talkme.resume('${scope}');`,
      `${notFounds === 0 ? "Leia o erro das linhas unknown e crie uma regra de resposta" : "Corrija id_campanha ou id_wpp das linhas, ou crie a campanha no Talk.me"}, e depois: select talkme.resume('${scope}');`,
    ),
  moreQuiet: (more: number) =>
    say(
      (en) => `${en.number(more)} more campaigns or channels are left alone.`,
      (pt) => `mais ${pt.number(more)} campanhas ou canais estão de lado.`,
    ),
  mendThem: say(
    "Correct them in the same way; talkme.lane lists them all.",
    "Resolva do mesmo jeito; talkme.lane mostra todos.",
  ),
  inactive: (campaign: string, account: string) =>
    say(
      `campaign ${campaign} of account ${account} is not active, and its rows wait.`,
      `a campanha ${campaign} da conta ${account} não está ativa, e as linhas dela esperam.`,
    ),
  activate: (campaign: string, account: string) => {
    const statement = `update talkme.campaign set active = true where account = '${account}' and id_campanha = ${campaign};`;
    return say(`Cancel its rows, or: ${statement}`, `Cancele as linhas, ou: ${statement}`);
  },
  paused: (scope: string, seconds: number, by: string | null, reason: string | null) =>
    say(
      (en) =>
        `${scope} has been paused for ${en.duration(seconds)} by ${by ?? "somebody"}: ${reason ?? "no reason given"}.`,
      (pt) =>
        `${scope} está em pausa há ${pt.duration(seconds)}, por ${by ?? "alguém"}: ${reason ?? "sem motivo informado"}.`,
    ),
  end: (scope: string) => quote(`select talkme.resume('${scope}');`),
  resume: (scope: string) =>
    say(
      `Its rows wait. Was it forgotten? select talkme.resume('${scope}');`,
      `As linhas esperam. Foi esquecida? select talkme.resume('${scope}');`,
    ),
};
