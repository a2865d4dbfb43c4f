import { refusedCampaign } from "../api/api-rules.ts";
import type { SeededRandom } from "../random/seeded-random.ts";

/** An insert and the numbers of its rows; it returns those really inserted. */
export interface Insert {
  readonly sql: string;
  readonly numbers: readonly string[];
}

/** Gives out fictitious mobile numbers of São Paulo, each once. */
export type NumberSource = (prefix?: "119" | "209") => string;

/** The columns of a row as SQL expressions. */
export interface OutboxValues {
  readonly number: string;
  readonly id_campanha: string;
  readonly id_wpp: string;
  readonly info_contato: string;
  readonly priority: string;
  readonly send_at: string;
  readonly expires_at: string;
  readonly max_attempts: string;
  readonly on_unknown: string;
  readonly dedupe_key: string;
}

const campaigns = 12;

/** Draws a row: mostly plain, sometimes with everything that a producer may give. */
export function drawRow(random: SeededRandom, nextNumber: NumberSource): OutboxValues {
  const isRefusedByApi = random.chance(0.02);
  // DDD 20 does not exist: the insert accepts it, the client refuses it.
  const isRefusedByClient = random.chance(0.01);
  const campaign = isRefusedByApi ? refusedCampaign : random.integer(1, campaigns);
  const sendInMs = random.chance(0.1) ? random.integer(1, 3000) : 0;
  const expiresInMs = sendInMs + random.integer(500, 6000);
  return {
    number: nextNumber(isRefusedByClient ? "209" : "119"),
    id_campanha: String(campaign),
    id_wpp: random.chance(0.2) ? String(random.integer(1, 2)) : "null",
    info_contato: random.chance(0.5)
      ? `'{"nome":"Fulano de tal","geral1":"R$ ${random.integer(1, 99)},00"}'`
      : "null",
    priority: random.chance(0.2) ? String(random.pick([-5, 10])) : "0",
    send_at: sendInMs > 0 ? inMs(sendInMs) : "now()",
    expires_at: random.chance(0.05) ? inMs(expiresInMs) : "null",
    max_attempts: random.chance(0.05) ? String(random.integer(1, 3)) : "null",
    on_unknown: random.chance(0.08) ? "'resend'" : "null",
    dedupe_key: "null",
  };
}

/** @param suffix Follows the values. */
export function insertOf(rows: readonly OutboxValues[], suffix: string): Insert {
  const values = rows.map(
    (row) =>
      `('${row.number}', ${row.id_campanha}, ${row.id_wpp}, ${row.info_contato}, ${row.priority}, ${row.send_at}, ` +
      `${row.expires_at}, ${row.max_attempts}, ${row.on_unknown}, ${row.dedupe_key})`,
  );
  return {
    numbers: rows.map(({ number }) => number),
    sql:
      "insert into talkme.outbox (numero_dest, id_campanha, id_wpp, info_contato, priority, send_at, expires_at, " +
      `max_attempts, on_unknown, dedupe_key)\nvalues\n${values.join(",\n")}\n${suffix} returning numero_dest`,
  };
}

function inMs(ms: number): string {
  return `now() + interval '${ms} ms'`;
}
