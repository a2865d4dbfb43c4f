import type { SeededRandom } from "../random/seeded-random.ts";
import { drawRow, insertOf, type Insert, type NumberSource, type OutboxValues } from "./outbox-values.ts";

/** One action of a producer. */
export type Work =
  | { readonly kind: "statement"; readonly insert: Insert }
  | {
      readonly kind: "transaction";
      readonly inserts: readonly Insert[];
      readonly end: "commit" | "rollback";
    };

const largestInsert = 40;

/** Draws a producer's next action: single rows, bulk inserts, transactions, or refused inserts. */
export function drawWork(random: SeededRandom, nextNumber: NumberSource): Work {
  const rows = (count: number): readonly OutboxValues[] =>
    Array.from({ length: count }, () => drawRow(random, nextNumber));
  const insert = (count: number): Insert => insertOf(rows(count), "");

  const chance = random.next();
  if (chance < 0.45) return { kind: "statement", insert: insert(1) };
  if (chance < 0.65) return { kind: "statement", insert: insert(random.integer(2, largestInsert)) };
  if (chance < 0.75) return { kind: "statement", insert: duplicates(random, rows(random.integer(1, 5))) };
  if (chance < 0.77) return { kind: "statement", insert: refused(rows(2)) };
  const inserts = Array.from({ length: random.integer(1, 4) }, () => insert(random.integer(1, 8)));
  return { kind: "transaction", inserts, end: chance < 0.9 ? "commit" : "rollback" };
}

/** Keys from a small set: most are taken. */
function duplicates(random: SeededRandom, rows: readonly OutboxValues[]): Insert {
  const keyed = rows.map((row) => ({ ...row, dedupe_key: `'order ${random.integer(1, 2000)}'` }));
  return insertOf(keyed, " on conflict do nothing");
}

/** One row that the trigger refuses makes its whole statement fail. */
function refused(rows: readonly OutboxValues[]): Insert {
  const [first, ...others] = rows;
  if (first === undefined) throw new RangeError("There is no row to refuse.");
  return insertOf([...others, { ...first, info_contato: `'{"apelido":"Fulano"}'` }], "");
}
