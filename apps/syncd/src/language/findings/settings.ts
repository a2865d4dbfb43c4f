import { quote, say, Text } from "../text.ts";

/** What is wrong with settings, each sentence with the setting's name first. */
export const wrongSettings = {
  unusable: say("The configuration is not usable:", "A configuração não serve:"),
  bothSet: (name: string) =>
    say(
      `${name} and ${name}_FILE are both set: keep one of them.`,
      `${name} e ${name}_FILE estão definidas: deixe só uma delas.`,
    ),
  unreadable: (path: string, code: string) =>
    say(`the file ${path} cannot be read (${code}).`, `não dá para ler o arquivo ${path} (${code}).`),
  empty: (path: string) => say(`the file ${path} is empty.`, `o arquivo ${path} está vazio.`),
  missing: (name: string, expected: Text) =>
    say(
      `${name} is missing: expected ${expected.in("en")}.`,
      `${name} não foi definida: espera-se ${expected.in("pt-BR")}.`,
    ),
  unlike: (name: string, value: string, expected: Text) =>
    say(
      `${name} is "${value}": expected ${expected.in("en")}.`,
      `${name} é "${value}": espera-se ${expected.in("pt-BR")}.`,
    ),
  notUsable: (name: string, expected: Text, reason: Text | null) =>
    say(
      `${name} is not usable: expected ${expected.in("en")}${reason === null ? "" : `; ${reason.in("en")}`}.`,
      `${name} não serve: espera-se ${expected.in("pt-BR")}${reason === null ? "" : `; ${reason.in("pt-BR")}`}.`,
    ),
  backoff: say(
    "TALKME_BACKOFF_MAX_MS is smaller than TALKME_BACKOFF_BASE_MS: expected at least the same.",
    "TALKME_BACKOFF_MAX_MS é menor que TALKME_BACKOFF_BASE_MS: espera-se pelo menos o mesmo valor.",
  ),
  defaultTwice: say(
    "The account default is in TALKME_CONFIG and in TALKME_ID_CLIENTE and TALKME_TOKEN: keep one.",
    "A conta default está em TALKME_CONFIG e em TALKME_ID_CLIENTE e TALKME_TOKEN: deixe uma só.",
  ),
  idClienteMissing: say(
    "TALKME_ID_CLIENTE is missing: the id_cliente of your Talk.me account.",
    "TALKME_ID_CLIENTE não foi definida: é o id_cliente da sua conta no Talk.me.",
  ),
  tokenMissing: say(
    "TALKME_TOKEN is missing: the token of your Talk.me account.",
    "TALKME_TOKEN não foi definida: é o token da sua conta no Talk.me.",
  ),
  at: (place: string, problem: Text) =>
    say(`${place}: ${problem.in("en")}`, `${place}: ${problem.in("pt-BR")}`),
  eitherOf: (place: string, one: string, other: string) =>
    say(`${place}: give either ${one} or ${other}.`, `${place}: dê ${one} ou ${other}, e só um deles.`),
  unusableProxy: (place: string, fault: string) =>
    say(
      `${place} is not usable: it ${fault}. Write off for no proxy.`,
      `${place} não serve: ${proxyFault(fault).in("pt-BR")}. Escreva off para não usar proxy.`,
    ),
  unknownAccount: (place: string, account: string) =>
    say(
      `${place}: the account ${account} is not configured.`,
      `${place}: a conta ${account} não está configurada.`,
    ),
  sharedIdCliente: (later: string, earlier: string, names: readonly [string, string]) =>
    say(
      `${later} is the id_cliente of ${earlier}, too: the accounts ${names[0]} and ${names[1]} are one at Talk.me, which counts and locks by it. Keep one name; rows choose it with the column account.`,
      `${later} é o mesmo id_cliente de ${earlier}: no Talk.me as contas ${names[0]} e ${names[1]} são uma só, e é por ela que ele conta e bloqueia. Deixe um nome só; as linhas o escolhem na coluna account.`,
    ),
  sharedToken: (later: string, earlier: string) =>
    say(
      `${later} is the token of ${earlier}, too: each id_cliente has a token of its own. Correct one of them.`,
      `${later} é o mesmo token de ${earlier}: cada id_cliente tem o seu. Corrija um dos dois.`,
    ),
  unreadableYaml: (path: string, reason: string) =>
    say(
      `TALKME_CONFIG: the file ${path} cannot be read: ${reason}`,
      `TALKME_CONFIG: não dá para ler o arquivo ${path}: ${reason}`,
    ),
  inFile: (path: string, place: string, problem: Text) =>
    say(
      `TALKME_CONFIG (${path}): ${place || "the file"}: ${problem.in("en")}`,
      `TALKME_CONFIG (${path}): ${place || "o arquivo"}: ${problem.in("pt-BR")}`,
    ),
  refusedRules: (account: string, message: string) =>
    say(
      `TALKME_CONFIG: the database refuses the rules of the account ${account}: ${message}.`,
      `TALKME_CONFIG: o banco recusa as regras da conta ${account}: ${message}.`,
    ),
  cannotListen: (host: string, port: number, reason: string) =>
    say(
      `TALKME_HTTP_HOST and TALKME_HTTP_PORT: cannot listen on ${host}:${port} (${reason}).`,
      `TALKME_HTTP_HOST e TALKME_HTTP_PORT: não dá para escutar em ${host}:${port} (${reason}).`,
    ),
  ofAccount: (account: string, message: string) =>
    say(`account ${account}: ${message}`, `conta ${account}: ${message}`),
};

/** What the file's own checks say; the rest is in the words of the library that reads it. */
export const wrongFile = {
  accountName: say(
    "must be up to 63 small letters, digits, - and _",
    "são até 63 letras minúsculas, algarismos, - e _",
  ),
  deletedFirst: say(
    "delete_after_days is less than blank_after_days: rows would be deleted before they are blanked",
    "delete_after_days é menor que blank_after_days: as linhas seriam excluídas antes de perder os dados pessoais",
  ),
  window: (fault: string) =>
    say(
      `"${fault}" is not a valid sending window; write weekdays and hours, such as mon-fri 9:00-19:00, sat 9:00-13:00. A window ends on the day it begins, by 24:00`,
      `"${fault}" não é uma janela de envio; escreva dias da semana e horas, como seg-sex 9:00-19:00, sab 9:00-13:00. A janela termina no dia em que começa, até 24:00`,
    ),
  token: say("is empty or contains spaces", "está vazio ou tem espaços"),
  baseUrl: say(
    "must be an http:// or https:// URL without user, query or fragment",
    "tem de ser uma URL http:// ou https://, sem usuário, consulta nem fragmento",
  ),
  acao: say("must have at most 100 characters", "pode ter até 100 caracteres"),
  scope: say("must be campaign:ID or channel:ID", "tem de ser campaign:ID ou channel:ID"),
};

/** Our own sentence in both languages, or what the library says of the same problem in each. */
export function problemOfFile(english: string, portuguese: string): Text {
  const own = Object.values(wrongFile).find((text) => text instanceof Text && text.in("en") === english);
  return own instanceof Text ? own : say(english, portuguese);
}

const encoding = "; in user and password, percent-encode all but letters and digits";
const codificação = "; no usuário e na senha, use percent-encoding em tudo que não é letra nem algarismo";

/** The client's words about a proxy's URL, as they follow "it". */
const proxyFaults: ReadonlyMap<string, string> = new Map([
  [`must be an absolute URL${encoding}`, `tem de ser uma URL completa${codificação}`],
  [
    "must begin with http:// or https://: other kinds of proxy are not supported",
    "tem de começar com http:// ou https://: outros tipos de proxy não servem",
  ],
  [
    `must have neither path, query nor hash${encoding}`,
    `não pode ter caminho, consulta nem fragmento${codificação}`,
  ],
  [
    `has a user or password that is not decodable${encoding}`,
    `não dá para decodificar o usuário ou a senha${codificação}`,
  ],
  [
    "has a user name with a colon, which no proxy could tell from the password",
    "o nome do usuário tem dois-pontos, e nenhum proxy o separaria da senha",
  ],
]);

export function proxyFault(fault: string): Text {
  const portuguese = proxyFaults.get(fault);
  return portuguese === undefined ? quote(`it ${fault}`) : say(`it ${fault}`, portuguese);
}
