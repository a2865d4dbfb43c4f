import type { Receiver } from "@talkme/outbox/daemon";

import { quote, say, type Text } from "../text.ts";
import type { Words } from "../words.ts";

/** Who is connected, and what to write into postgresql.conf. */
interface Connected {
  readonly receivers: readonly Receiver[] | null;
}

/** Findings about the standby that confirms claims. */
export const standby = {
  impossible: (walLevel: string, walSenders: number) =>
    say(
      `wal_level is ${walLevel} and max_wal_senders ${walSenders}: no standby can follow this server, and nothing would be sent.`,
      `wal_level é ${walLevel} e max_wal_senders ${walSenders}: nenhuma réplica consegue seguir este servidor, e nada seria enviado.`,
    ),
  noneNamed: (connected: Connected) =>
    say(
      (en) =>
        `synchronous_standby_names is empty: commits wait for nobody, and nothing would be sent.${en.of(whoIsConnected(connected))}`,
      (pt) =>
        `synchronous_standby_names está vazio: os commits não esperam ninguém, e nada seria enviado.${pt.of(whoIsConnected(connected))}`,
    ),
  confirmed: (names: string, tookMs: number, own: string, connected: Connected) =>
    say(
      (en) =>
        `${names} confirmed a commit within ${en.number(tookMs)} ms;${en.of(whoIsConnected(connected))} claims wait for it although synchronous_commit of this user is ${own}.`,
      (pt) =>
        `${names} confirmou um commit em ${pt.number(tookMs)} ms;${pt.of(whoIsConnected(connected))} quem pega linhas espera por ela, embora synchronous_commit deste usuário seja ${own}.`,
    ),
  producersNeedNot: say(
    "producers need not wait for it: alter role … set synchronous_commit = local.",
    "quem insere não precisa esperar por ela: alter role … set synchronous_commit = local.",
  ),
  waitCancelled: say("the wait was cancelled", "a espera foi cancelada"),
  failed: (message: string) => quote(message),
  silent: (names: string, seconds: number, why: Text, connected: Connected) =>
    say(
      (en) =>
        `${names} did not confirm a commit within ${en.number(seconds)} s (${en.of(why)}): nothing would be sent.${en.of(whoIsConnected(connected))}`,
      (pt) =>
        `${names} não confirmou um commit em ${pt.number(seconds)} s (${pt.of(why)}): nada seria enviado.${pt.of(whoIsConnected(connected))}`,
    ),
  anybody: (names: string) =>
    say(
      `synchronous_standby_names is ${names}: pg_receivewal or a logical subscriber may confirm a claim, and neither can be promoted.`,
      `synchronous_standby_names é ${names}: pg_receivewal ou um assinante lógico pode confirmar, e nenhum dos dois pode ser promovido.`,
    ),
  nameStandbys: say(
    "Name the standbys that may be promoted.",
    "Ponha ali os nomes das réplicas que podem ser promovidas.",
  ),
  configure: (settings: readonly (readonly [string, string])[], needsRestart: boolean) => {
    const lines = settings.map(([name, value]) => `  ${name} = '${value}'`);
    const statements = settings.map(([name, value]) => `  alter system set ${name} = '${value}';`);
    return say(
      [
        "Name the standbys that may be promoted, by the application_name of their primary_conninfo. In postgresql.conf, on every node:",
        ...lines,
        `Or, as a superuser${needsRestart ? ", and then restart" : ""}:`,
        ...statements,
        "  select pg_reload_conf();",
        "Producers need not wait for it: alter role … set synchronous_commit = local;",
      ].join("\n"),
      [
        "Informe as réplicas que podem ser promovidas, pelo application_name do primary_conninfo de cada uma. No postgresql.conf, em todos os nós:",
        ...lines,
        `Ou, como superusuário${needsRestart ? ", e depois reinicie" : ""}:`,
        ...statements,
        "  select pg_reload_conf();",
        "Quem insere não precisa esperar por elas: alter role … set synchronous_commit = local;",
      ].join("\n"),
    );
  },
};

function whoIsConnected({ receivers }: Connected): Text {
  if (receivers === null)
    return say(
      " Which standbys are connected is unknown: grant pg_read_all_stats to this user.",
      " Não dá para ver quais réplicas estão conectadas: dê pg_read_all_stats a este usuário.",
    );
  if (receivers.length === 0) return say(" No standby is connected.", " Nenhuma réplica está conectada.");
  const described = (words: Words, behind: string): string =>
    receivers
      .map(
        ({ name, syncState, behindBytes }) =>
          `${name} (${syncState}, ${words.number(behindBytes)} ${behind})`,
      )
      .join(", ");
  return say(
    (en) => ` Connected: ${described(en, "bytes behind")}.`,
    (pt) => ` Conectadas: ${described(pt, "bytes atrás")}.`,
  );
}
