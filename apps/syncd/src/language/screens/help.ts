import { say } from "../text.ts";

/** What `--help` says. */
export const help = {
  program: say(
    "Sends each row of talkme.outbox to Talk.me once.",
    "Envia cada linha de talkme.outbox ao Talk.me, uma única vez.",
  ),
  settings: say(
    "\nSettings are environment variables; docs/configuration.md lists them.",
    "\nA configuração vem de variáveis de ambiente; docs/configuration.md tem a lista.",
  ),
  afterError: say("(syncd --help lists the commands)", "(syncd --help mostra os comandos)"),
  language: say(
    "language of check, status and help: en or pt-BR; default: LC_ALL, LC_MESSAGES or LANG",
    "idioma de check, status e ajuda: en ou pt-BR; sem ela, LC_ALL, LC_MESSAGES ou LANG",
  ),
  version: say("output the version number", "mostra a versão"),
  help: say("display help for command", "mostra esta ajuda"),
  run: say(
    "send rows until stopped (SIGTERM drains, a second signal stops at once)",
    "envia as linhas até ser parado (SIGTERM termina o que começou; um segundo sinal para na hora)",
  ),
  migrate: say("create or upgrade the schema talkme", "cria ou atualiza o esquema talkme"),
  printPending: say(
    "print the pending SQL instead, for a DBA to run",
    "em vez disso mostra o SQL pendente, para um DBA rodar",
  ),
  check: say(
    "find what would keep `run` from working, or from working well; sends nothing",
    "acha o que impediria `run` de funcionar, ou de funcionar bem; não envia nada",
  ),
  json: say("print JSON", "saída em JSON, sempre em inglês"),
  snapshot: say(
    "report a database snapshot kept open for longer",
    "avisa de um snapshot do banco aberto há mais tempo que isso",
  ),
  status: say(
    "show the campaigns, the outbox, the instances and what needs a person",
    "mostra as campanhas, o outbox, as instâncias e o que precisa de alguém",
  ),
  watch: say("refresh until Ctrl-C", "atualiza na tela até Ctrl-C"),
  interval: say("how often --watch refreshes", "de quanto em quanto tempo --watch atualiza"),
  try: say(
    "send one real message outside the outbox; show the answer and how it is interpreted",
    "envia uma mensagem de verdade, fora do outbox; mostra a resposta e como ela é entendida",
  ),
  to: say("the recipient's telephone number", "telefone do destinatário"),
  campaign: say("id_campanha", "id_campanha"),
  channel: say("id_wpp", "id_wpp"),
  account: say("the sending account", "conta que envia"),
  variable: say(
    "a template variable of info_contato; may be repeated",
    "variável do modelo, de info_contato; pode repetir",
  ),
  text: say("txtmsg, which an official channel ignores", "txtmsg, que um canal oficial ignora"),
  email: say(
    "the recipient's address, for e-mail campaigns",
    "endereço do destinatário, em campanhas de e-mail",
  ),
  subject: say("the e-mail's subject", "assunto do e-mail"),
  yes: say("send without asking", "envia sem perguntar"),
  tryEnds: say(
    "\nExits with 0 if it was accepted, 1 if not, 2 for wrong options, 78 for a wrong configuration." +
      "\nNeeds the settings of `run`, without TALKME_DATABASE_URL; with it, a suppressed recipient gets nothing.",
    "\nTermina com 0 se foi aceita, 1 se não, 2 se há opção errada, 78 se a configuração está errada." +
      "\nPrecisa da configuração de `run`, menos TALKME_DATABASE_URL; com ela, quem está bloqueado não recebe nada.",
  ),
  secondsAboveZero: say("Expected seconds above 0.", "São segundos, acima de 0."),
  numberAboveZero: say("Expected a number above 0.", "É um número acima de 0."),
  eitherLanguage: say("Allowed are en and pt-BR.", "Pode ser en ou pt-BR."),
};

/** Titles and messages of the command line library, which has English alone: what of them a person meets here. */
export const libraryWords = {
  titles: {
    "Usage:": say("Usage:", "Uso:"),
    "Options:": say("Options:", "Opções:"),
    "Global Options:": say("Global Options:", "Opções gerais:"),
    "Commands:": say("Commands:", "Comandos:"),
  },
  defaultValue: say("default: ", "padrão: "),
  errors: [
    [/\(Did you mean (.+)\?\)/m, say("(Did you mean $1?)", "(Não seria $1?)")],
    [/^error: unknown option (.+)$/m, say("error: unknown option $1", "erro: não existe a opção $1")],
    [/^error: unknown command (.+)$/m, say("error: unknown command $1", "erro: não existe o comando $1")],
    [
      /^error: option (.+) argument missing$/m,
      say("error: option $1 argument missing", "erro: falta o valor da opção $1"),
    ],
    [
      /^error: option (.+) argument ('.*') is invalid\. (.+)$/m,
      say("error: option $1 argument $2 is invalid. $3", "erro: a opção $1 não aceita $2. $3"),
    ],
    [/^error: too many arguments(.*)$/m, say("error: too many arguments$1", "erro: argumentos demais$1")],
  ],
} as const;
