import { blame } from "./blame.ts";

/** A row that a trigger or constraint of the customer's keeps as it is, or whose trigger waits. */
export interface RefusedRow {
  readonly id: string;
  readonly error: unknown;
}

/** Told of each such row; the others are changed. */
export type OnRefused = (row: RefusedRow) => void;

/** Usually after so many, the rest is left for another time: each takes as long as a lock is waited for, perhaps. */
const usualRefusals = 20;

/**
 * Changes rows in one statement; where one of them makes it fail, each half by itself, down to that row, which is left as it is.
 *
 * @param change Changes these rows, all or none.
 * @throws what the database says where no row is at fault.
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
