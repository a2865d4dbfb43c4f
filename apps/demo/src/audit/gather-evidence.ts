import type { Sample } from "../rows/sample.ts";
import type { Stage } from "../stage/stage.ts";
import type { Evidence, Totals } from "./audit.ts";

/** Reads the table and the ledger again, independently of what was seen on the way. */
export async function gatherEvidence(
  { outbox, simulator, requests }: Pick<Stage, "outbox" | "simulator" | "requests">,
  samples: readonly Sample[],
): Promise<{ readonly evidence: readonly Evidence[]; readonly totals: Totals }> {
  const evidence: Evidence[] = [];
  for (const sample of samples) {
    evidence.push({
      sample,
      row: await outbox.rowTo(sample.numeroDest),
      requests: requests.of(sample.numeroDest),
      accepted: simulator.ledger.byNumero(sample.numeroDest).map(({ reference }) => reference),
    });
  }
  return { evidence, totals: { rows: await outbox.countRows(), accepted: simulator.ledger.size } };
}
