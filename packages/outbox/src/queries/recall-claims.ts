import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { patiently, usualPatience } from "./patience.ts";
import { changeRowByRow, type OnRefused } from "./row-by-row.ts";
import { toAnswer } from "./settle-and-claim-parameters.ts";
import type { Settlement } from "./turn.ts";

/** A claim that a process remembers. */
export interface RememberedClaim {
  readonly id: string;
  readonly claim: number;
  readonly claimedBy: string;
  readonly fence: number;
  readonly seal: number;
  readonly lane: string;
  readonly dueAtUs: string;
  /** How long ago it was made. */
  readonly ageMs: number;
  /** Whether its request may have been made; false where it provably was not. */
  readonly leftUs: boolean;
}

/** What became of the claims that the database has lost. */
export interface Recalled {
  /** Their rows were to be sent again, and are `unknown` until their answers are written. */
  readonly restored: readonly LostClaim[];
  /** The same, but the row may be another one of the same id and recipient: its answer is not written. */
  readonly doubted: readonly LostClaim[];
  /** Their rows are as they were: they are not to be sent, are gone, or have another message. */
  readonly missing: readonly LostClaim[];
  /** Somebody else has locked their rows: recall them again. */
  readonly locked: readonly LostClaim[];
}

export interface LostClaim {
  readonly id: string;
  readonly claim: number;
}

/**
 * Compares the claims that a process remembers with the rows, after a failover or a restore that may have lost some of them, and
 * makes unknown what would be sent again. The same claims may be recalled again.
 *
 * @param onRefused Gets the rows that a trigger or constraint keeps as they are.
 */
export async function recallClaims(
  db: Kysely<OutboxDatabase>,
  claims: readonly RememberedClaim[],
  onRefused: OnRefused = () => {},
): Promise<Recalled> {
  const byId = Map.groupBy(claims, ({ id }) => id);
  const found = await changeRowByRow(
    [...byId.keys()],
    (ids) =>
      patiently(db, usualPatience, (transaction) =>
        recall(
          transaction,
          ids.flatMap((id) => byId.get(id) ?? []),
        ),
      ),
    onRefused,
    claims.length,
  );
  const of = (wanted: string): readonly LostClaim[] =>
    found.filter(({ became }) => became === wanted).map(({ id, claim }) => ({ id, claim: Number(claim) }));
  return { restored: of("restored"), doubted: of("doubted"), missing: of("missing"), locked: of("locked") };
}

async function recall(
  db: Kysely<OutboxDatabase>,
  claims: readonly RememberedClaim[],
): Promise<readonly { readonly id: string; readonly claim: string; readonly became: string }[]> {
  const remembered = claims.map((one) => ({
    id: one.id,
    claim: one.claim,
    claimed_by: one.claimedBy,
    fence: one.fence,
    seal: one.seal,
    lane: one.lane,
    due_at_us: one.dueAtUs,
    age_ms: one.ageMs,
    left_us: one.leftUs,
  }));
  const { rows } = await sql<{ id: string; claim: string; became: string }>`
    select id, claim, became from talkme.recall_claims(${JSON.stringify(remembered)}::json)
  `.execute(db);
  return rows;
}

/**
 * Writes answers once more that a lost part of the history had. Where they were not lost, nothing changes.
 *
 * @param onRefused Gets the rows that a trigger or constraint keeps as they are.
 * @returns The ids of accepted messages that no row shows, and of rows that are locked.
 */
export async function settleAgain(
  db: Kysely<OutboxDatabase>,
  settlements: readonly Settlement[],
  onRefused: OnRefused = () => {},
): Promise<{ readonly gone: readonly string[]; readonly locked: readonly string[] }> {
  const byId = Map.groupBy(settlements, ({ id }) => id);
  const left = await changeRowByRow(
    [...byId.keys()],
    (ids) =>
      patiently(db, usualPatience, async (transaction) => {
        const answers = ids.flatMap((id) => byId.get(id) ?? []).map(toAnswer);
        const { rows } = await sql<{ kind: string; id: string }>`
          select kind, id from talkme.settle_others(${JSON.stringify(answers)}::json)
        `.execute(transaction);
        return rows;
      }),
    onRefused,
    settlements.length,
  );
  const of = (...kinds: readonly string[]): readonly string[] =>
    left.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  return { gone: of("gone"), locked: of("locked", "history_open") };
}
