import type { RefusedInsert, Sample } from "./sample.ts";

/** One row for each outcome of a message, in the order of insertion. */
export const samples: readonly Sample[] = [
  {
    title: "a template with variables",
    story: "info_contato fills in the template of campaign 101.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, info_contato, dedupe_key)
values ('11988887777', 101, '{"nome":"Fulano de tal","geral1":"R$ 10,00"}', 'order 42 shipped');`,
    numeroDest: "11988887777",
    expected: { status: "sent", attempts: 1, errorCode: null, requests: 1 },
  },
  {
    title: "a template without variables",
    story: "A number and a channel are enough: the channel's approved template is sent.",
    sql: `insert into talkme.outbox (numero_dest, id_wpp) values ('21977776666', 9);`,
    numeroDest: "21977776666",
    expected: { status: "sent", attempts: 1, errorCode: null, requests: 1 },
  },
  {
    title: "a message for tomorrow",
    story: "send_at holds it back.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, send_at)
values ('31966665555', 102, now() + interval '1 day');`,
    numeroDest: "31966665555",
    expected: { status: "pending", attempts: 0, errorCode: null, requests: 0 },
  },
  {
    title: "a message that comes too late",
    story: "A reminder of an appointment that has begun: its program was down for two hours.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, send_at, expires_at)
values ('41955554444', 102, now() - interval '2 hours', now() - interval '1 hour');`,
    numeroDest: "41955554444",
    expected: { status: "expired", attempts: 0, errorCode: "expired", requests: 0 },
  },
  {
    title: "an API that is busy at first",
    story: "The first request is answered 503, Retry-After: 1.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
values ('51944443333', 103, '{"nome":"Ana"}');`,
    numeroDest: "51944443333",
    expected: { status: "sent", attempts: 2, errorCode: null, requests: 2 },
  },
  {
    title: "a number that could be two",
    story: "Its digits are also those of a number in Pelotas, Brazil. The API is not asked.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
values ('+51912345678', 103, '{"nome":"Bruno"}');`,
    numeroDest: "+51912345678",
    expected: { status: "failed", attempts: 0, errorCode: "ambiguous_phone", requests: 0 },
  },
  {
    title: "a variable that is missing",
    story: "The template of campaign 101 needs geral1 too. Only Talk.me knows that, and says 404.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
values ('61933332222', 101, '{"nome":"Carla"}');`,
    numeroDest: "61933332222",
    expected: { status: "failed", attempts: 1, errorCode: "not_found", requests: 1 },
  },
  {
    title: "a campaign that does not exist",
    story: "Talk.me says no with HTTP 200. It is not taken for a yes.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
values ('71922221111', 999, '{"nome":"Davi"}');`,
    numeroDest: "71922221111",
    expected: { status: "failed", attempts: 1, errorCode: "rejected_by_api", requests: 1 },
  },
  {
    title: "an answer that got lost",
    story: "Talk.me accepts the message, but the connection breaks before the answer.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
values ('81911110000', 104, '{"nome":"Elisa"}');`,
    numeroDest: "81911110000",
    expected: { status: "unknown", attempts: 1, errorCode: "connection_lost", requests: 1 },
  },
];

/** Inserted after the samples. */
export const refusedInserts: readonly RefusedInsert[] = [
  {
    title: "a variable that Talk.me does not know",
    story: "It is nome, not name.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
values ('91988887777', 103, '{"name":"Fulano de tal"}');`,
    expected: { kind: "error", constraint: "outbox_info_contato_known" },
  },
  {
    title: "the same message again",
    story: "A program that repeats itself, with the dedupe_key of the first row.",
    sql: `insert into talkme.outbox (numero_dest, id_campanha, info_contato, dedupe_key)
values ('11988887777', 101, '{"nome":"Fulano de tal","geral1":"R$ 10,00"}', 'order 42 shipped')
on conflict do nothing;`,
    expected: { kind: "skipped" },
  },
];
