import { say, type Text } from "../text.ts";

/** The heads of columns; short, because the tables fit into 80 characters. */
export const heads = {
  campaign: say("campaign", "campanha"),
  batch: say("batch", "lote"),
  sent: say("sent", "enviadas"),
  due: say("due", "na vez"),
  later: say("later", "depois"),
  held: say("held", "retidas"),
  failed: say("failed", "falhas"),
  perhaps: say("maybe", "talvez"),
  perSecond: say("per s", "por s"),
  ends: say("ends", "termina"),
  status: say("status", "status"),
  rows: say("rows", "linhas"),
  change: say("change", "mudou"),
  meaning: say("", ""),
  instance: say("instance", "instância"),
  version: say("version", "versão"),
  since: say("since", "desde"),
  inFlight: say("in flight", "em envio"),
  notSent: say("not sent", "não enviadas"),
  mayHaveBeenSent: say("may have been sent", "talvez enviadas"),
  code: say("code", "código"),
  lastId: say("last id", "último id"),
};

/** What the statuses mean. */
export const meanings = {
  pending: say("waiting", "esperando"),
  sending: say("on the wire", "em envio agora"),
  sent: say("Talk.me accepted them", "aceitas pelo Talk.me"),
  failed: say("not sent", "não enviadas"),
  unknown: say("may have been sent: a person decides", "talvez enviadas: alguém decide"),
  expired: say("not sent in time", "passaram do prazo sem envio"),
  cancelled: say("not sent, as somebody wished", "não enviadas, alguém cancelou"),
};

/** Words in the cells. */
export const cells = {
  channelsOnly: (account: string) => say(`${account}, channels`, `${account}, canais`),
  other: (count: number) =>
    say(
      (en) => `${en.number(count)} others`,
      (pt) => `${pt.number(count)} ${pt.plural(count, "outra", "outras")}`,
    ),
  otherBatches: (count: number) =>
    say(
      (en) => `${en.number(count)} others`,
      (pt) => `${pt.number(count)} ${pt.plural(count, "outro", "outros")}`,
    ),
  about: (count: number) =>
    say(
      (en) => `~${en.number(count)}`,
      (pt) => `~${pt.number(count)}`,
    ),
  paused: say("paused", "em pausa"),
  inactive: say("inactive", "inativa"),
  opens: (at: Date, now: Date) =>
    say(
      (en) => `opens ${en.time(at, now)}`,
      (pt) => `abre ${pt.time(at, now)}`,
    ),
  time: (at: Date, now: Date) =>
    say(
      (en) => en.time(at, now),
      (pt) => pt.time(at, now),
    ),
  alive: say("alive", "ativa"),
  silent: (seconds: number) =>
    say(
      (en) => `silent ${en.duration(seconds)}`,
      (pt) => `muda há ${pt.duration(seconds)}`,
    ),
  others: (groups: number, rows: number) =>
    say(
      (en) => `and ${en.number(groups)} more codes, ${en.number(rows)} rows`,
      (pt) => `e mais ${pt.number(groups)} códigos, ${pt.number(rows)} linhas`,
    ),
  otherPauses: (count: number) =>
    say(
      (en) => `${en.number(count)} more pauses: select * from talkme.paused;`,
      (pt) => `mais ${pt.number(count)} pausas: select * from talkme.paused;`,
    ),
  otherInstances: (count: number) =>
    say(
      (en) => `and ${en.number(count)} more instances`,
      (pt) => `e mais ${pt.number(count)} instâncias`,
    ),
};

/** The first lines: whether it works, and what is to be done. */
export const headline = {
  nobody: say("No instance of syncd is running.", "Nenhuma instância do syncd está rodando."),
  instances: (alive: number, inFlight: number) =>
    say(
      (en) =>
        `${en.number(alive)} ${en.plural(alive, "instance", "instances")}, ${en.number(inFlight)} in flight.`,
      (pt) =>
        `${pt.number(alive)} ${pt.plural(alive, "instância", "instâncias")}, ${pt.number(inFlight)} em envio.`,
    ),
  someSilent: (alive: number, silent: number, seconds: number, inFlight: number) =>
    say(
      (en) =>
        `Instances: ${en.number(alive)} alive, ${en.number(silent)} silent for ${en.duration(seconds)}, ${en.number(inFlight)} in flight.`,
      (pt) =>
        `Instâncias: ${pt.number(alive)} ${pt.plural(alive, "ativa", "ativas")}, ${pt.number(silent)} sem dar sinal há ${pt.duration(seconds)}, ${pt.number(inFlight)} em envio.`,
    ),
  oldest: (seconds: number) =>
    seconds < 1
      ? say("No row that may go is waiting.", "Nenhuma linha liberada está esperando.")
      : say(
          (en) => `The oldest due row has waited ${en.duration(seconds)}.`,
          (pt) => `A linha mais atrasada espera há ${pt.duration(seconds)}.`,
        ),
  rate: (perSecond: number) =>
    say(
      (en) => `${en.number(perSecond)} messages a second.`,
      (pt) => `${pt.number(perSecond)} mensagens por segundo.`,
    ),
  closedWindow: (lanes: number) =>
    say(
      (en) =>
        `${lanes === 1 ? "1 campaign or channel waits" : `${en.number(lanes)} campaigns or channels wait`} for the sending window.`,
      (pt) =>
        `${pt.number(lanes)} ${pt.plural(lanes, "campanha ou canal espera", "campanhas ou canais esperam")} o horário de envio.`,
    ),
  standby: (names: string): Text =>
    names === ""
      ? say(
          "Nothing is sent: claims wait for a standby, and synchronous_standby_names is empty. syncd check says what to set.",
          "Nada é enviado: cada envio espera a confirmação de uma réplica, e synchronous_standby_names está vazio. syncd check diz o que configurar.",
        )
      : say(
          `Nothing is sent: claims wait for a standby, and none of ${names} is connected as synchronous.`,
          `Nada é enviado: cada envio espera a confirmação de uma réplica, e nenhuma de ${names} está conectada como síncrona.`,
        ),
  unknown: (count: number) =>
    say(
      (en) =>
        `${en.number(count)} ${en.plural(count, "row", "rows")} may have been sent: look for them in Talk.me, then talkme.resolve.`,
      (pt) =>
        `${pt.number(count)} ${pt.plural(count, "linha talvez tenha sido enviada", "linhas talvez tenham sido enviadas")}: procure no Talk.me e use talkme.resolve.`,
    ),
  estimate: say(
    "~ is an estimate of the last analyze; all else is counted.",
    "~ é estimativa do último analyze; o resto é contado.",
  ),
  clock: say("Times are those of São Paulo.", "Horários de São Paulo."),
};

/** `--watch`. */
export const watching = {
  title: (at: Date, place: string, seconds: number) =>
    say(
      (en) => `${en.clock(at)}  ${place}  every ${en.number(seconds)} s`,
      (pt) => `${pt.clock(at)}  ${place}  a cada ${pt.number(seconds)} s`,
    ),
  unreadable: (at: Date, place: string, why: string) =>
    say(
      (en) => `${en.clock(at)}  The database ${place} cannot be read: ${why}. Trying again.`,
      (pt) => `${pt.clock(at)}  Não foi possível ler o banco ${place}: ${why}. Tentando de novo.`,
    ),
};
