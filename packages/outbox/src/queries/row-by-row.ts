import { blame } from "./blame.ts";

/** A row that a customer's trigger or constraint keeps as it is, or whose trigger waits. */
export interface RefusedRow {
  readonly id: string;
  readonly error: unknown;
}

/** Gets each such row; the others are changed. */
export type OnRefused = (row: RefusedRow) => void;

/** After this many, the rest is usually left for another time: each may take as long as the wait for a lock. */
const usualRefusals = 20;

/**
 * Changes rows in one statement; if a row makes it fail, tries each half by itself, down to that row, which it leaves as it is.
 *
 * @param change Changes these rows, all or none.
 * @throws what the database says if no row is at fault.
 */
export async function changeRowByRow<Changed>(
  ids: readonly string[],
  change: (ids: readonly string[]) => Promise<readonly Changed[]>,
  onRefused: OnRefused,
  mostRefusals = usualRefusals,
): Promise<readonly Changed[]> {
  const changed: Changed[] = [];
  const parts = [ids];
  let refusals = 0;
  for (let part = parts.pop(); part !== undefined && refusals < mostRefusals; part = parts.pop()) {
    const [first] = part;
    if (first === undefined) continue;
    try {
      changed.push(...(await change(part)));
    } catch (error) {
      if (blame(error) === "server") throw error;
      if (part.length > 1) {
        const half = Math.ceil(part.length / 2);
        parts.push(part.slice(half), part.slice(0, half));
        continue;
      }
      refusals += 1;
      onRefused({ id: first, error });
    }
  }
  return changed;
}
