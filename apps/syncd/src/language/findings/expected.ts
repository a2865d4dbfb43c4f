import { say, type Text } from "../text.ts";

/** What a variable's value must be, as it follows "expected". */
export const expected = {
  units: {
    inFlight: say("requests in flight", "requisições simultâneas"),
    perSecond: say(
      "messages a second for each account, 0 = unlimited",
      "mensagens por segundo de cada conta, 0 = sem limite",
    ),
    milliseconds: say("milliseconds", "milissegundos"),
    seconds: say("seconds", "segundos"),
    attempts: say("attempts", "tentativas"),
    port: say("a TCP port, 0 = any free one", "uma porta TCP, 0 = qualquer uma livre"),
  },
  wholeNumber: (min: number, max: number, unit: Text) =>
    say(
      `a whole number from ${min} to ${max} (${unit.in("en")})`,
      `um número inteiro de ${min} a ${max} (${unit.in("pt-BR")})`,
    ),
  number: (min: number, max: number, unit: Text) =>
    say(
      `a number from ${min} to ${max} (${unit.in("en")})`,
      `um número de ${min} a ${max} (${unit.in("pt-BR")})`,
    ),
  oneOf: (values: readonly string[]) => say(values.join(" or "), values.join(" ou ")),
  somethingElse: say("something else", "outra coisa"),
  databaseUrl: say(
    "postgresql://user:password@host:5432/database, or several hosts with commas between them",
    "postgresql://usuario:senha@servidor:5432/banco, ou vários servidores separados por vírgula",
  ),
  listenUrl: say(
    "a direct postgresql:// connection for LISTEN, or off for polling only",
    "uma conexão postgresql:// direta para o LISTEN, ou off para só consultar de tempos em tempos",
  ),
  idCliente: say(
    "the id_cliente of your Talk.me account, a number",
    "o id_cliente da sua conta no Talk.me, um número",
  ),
  token: say(
    "the token of your Talk.me account, without spaces",
    "o token da sua conta no Talk.me, sem espaços",
  ),
  configFile: say("the path of a YAML file", "o caminho de um arquivo YAML"),
  baseUrl: say(
    "an http:// or https:// URL without user, query or fragment",
    "uma URL http:// ou https://, sem usuário, consulta nem fragmento",
  ),
  proxyUrl: say(
    "the http:// or https:// URL of a proxy, such as http://user:password@proxy:3128",
    "a URL http:// ou https:// de um proxy, como http://usuario:senha@proxy:3128",
  ),
  httpHost: say("an address to listen on", "um endereço em que escutar"),
  metricsToken: say(
    "at least 16 letters, digits and -._~+/, which Prometheus sends as its bearer token; or off, where the network keeps others out",
    "pelo menos 16 letras, algarismos e -._~+/, que o Prometheus envia como bearer token; ou off, onde a rede já barra os outros",
  ),
  logLevel: say(
    "trace, debug, info, warn, error, fatal or silent",
    "trace, debug, info, warn, error, fatal ou silent",
  ),
};
