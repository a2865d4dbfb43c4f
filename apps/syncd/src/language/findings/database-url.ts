import { say } from "../text.ts";

/** What is wrong with a database URL. */
export const databaseUrl = {
  otherScheme: say("it is no postgresql:// URL", "não é uma URL postgresql://"),
  unreadable: say("its host or port cannot be read", "não dá para entender o servidor ou a porta"),
  unreadableHost: (nth: number) =>
    say(
      `its host ${nth} cannot be read: an IPv6 address needs [brackets]`,
      `não dá para entender o servidor ${nth}: um endereço IPv6 fica entre [colchetes]`,
    ),
  counts: (hosts: number, ports: number) =>
    say(`it has ${hosts} hosts and ${ports} ports`, `ela tem ${hosts} servidores e ${ports} portas`),
  encodesNothing: (nth: number) =>
    say(`its host ${nth} has a % that encodes nothing`, `no servidor ${nth} há um % que não codifica nada`),
  emptyHost: (nth: number) => say(`its host ${nth} is empty`, `o servidor ${nth} está vazio`),
  port: (nth: number) =>
    say(
      `the port of its host ${nth} is not a number from 1 to 65535`,
      `a porta do servidor ${nth} não é um número de 1 a 65535`,
    ),
  mustWrite: (value: string) =>
    say(
      `target_session_attrs is ${value}: syncd has to write, so use read-write`,
      `target_session_attrs é ${value}: o syncd precisa gravar; use read-write`,
    ),
  attributes: say(
    "target_session_attrs is none of any, read-write and primary",
    "target_session_attrs não é any, read-write nem primary",
  ),
  balance: say(
    "load_balance_hosts is neither disable nor random",
    "load_balance_hosts não é disable nem random",
  ),
  timeout: say("connect_timeout is not a number of seconds", "connect_timeout não é um número de segundos"),
};
