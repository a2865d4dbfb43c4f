import { setTimeout as sleep } from "node:timers/promises";

import { sql, type Kysely } from "kysely";

import { registerInstance, settleAndClaim, type ClaimedRow } from "../../src/daemon.ts";
import type { OutboxDatabase } from "../../src/index.ts";
import { settlementOf, wishFor } from "./outbox.ts";

export interface Traffic {
  /** Errors that a daemon or a producer would not survive. */
  readonly errors: readonly unknown[];
  readonly inserted: number;
  readonly sent: number;
  readonly longestInsertMs: number;
}

/**
 * Runs the traffic of the previous version's daemon and of a producer until `stop`.
 *
 * The daemon's statements are still those of the baseline. A change that the baseline's daemon would not survive needs
 * a copy of its statements here.
 */
export async function oldTraffic(db: Kysely<OutboxDatabase>, stop: AbortSignal): Promise<Traffic> {
  const errors: unknown[] = [];
  let longestInsertMs = 0;
  let inserted = 0;
  let sent = 0;
  let held: readonly ClaimedRow[] = [];
  const until = async (work: () => Promise<void>): Promise<void> => {
    while (!stop.aborted) {
      await work().catch((error: unknown) => errors.push(error));
      await sleep(1);
    }
  };
  const produce = async (): Promise<void> => {
    const startedAt = performance.now();
    await sql`insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)`.execute(db);
    longestInsertMs = Math.max(longestInsertMs, performance.now() - startedAt);
    inserted += 1;
  };
  const turn = async (claims: Parameters<typeof settleAndClaim>[3]): Promise<void> => {
    const settlements = held.map((row) => settlementOf(row, "old"));
    const result = await settleAndClaim(db, "old", settlements, claims);
    if (result.stale.length > 0) errors.push(new Error(`stale: ${result.stale.join(", ")}`));
    sent += held.length - result.locked.length;
    held = [...result.claimed, ...held.filter(({ id }) => result.locked.includes(id))];
  };

  await registerInstance(db, { name: "old", version: "0", host: "test", pid: 1, leaseSeconds: 60 });
  await Promise.all([until(produce), until(() => turn([wishFor({ limit: 5 })]))]);
  while (held.length > 0) await turn([]);
  return { errors, inserted, sent, longestInsertMs };
}
