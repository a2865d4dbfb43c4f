import type { IntList } from "./int-list.ts";

/**
 * The first state from which no end can be reached; null: none.
 *
 * @param offsets Where the targets of each state begin.
 */
export function firstStuck(offsets: IntList, targets: IntList, ends: readonly number[]): number | null {
  const sourcesOf = reversed(offsets, targets);
  const reaches = new Uint8Array(offsets.length);
  const next = [...ends];
  for (const state of next) reaches[state] = 1;
  for (let state = next.pop(); state !== undefined; state = next.pop()) {
    for (const source of sourcesOf(state)) {
      if (reaches[source] === 1) continue;
      reaches[source] = 1;
      next.push(source);
    }
  }
  const stuck = reaches.indexOf(0);
  return stuck === -1 ? null : stuck;
}

/** From where each state can be reached in one step. */
function reversed(offsets: IntList, targets: IntList): (state: number) => Int32Array {
  const count = offsets.length;
  const begins = new Int32Array(count + 1);
  for (let edge = 0; edge < targets.length; edge += 1) add(begins, targets.at(edge) + 1, 1);
  for (let state = 0; state < count; state += 1) add(begins, state + 1, begins[state] ?? 0);
  const filled = begins.slice();
  const sources = new Int32Array(targets.length);
  for (let state = 0; state < count; state += 1) {
    const end = state + 1 < count ? offsets.at(state + 1) : targets.length;
    for (let edge = offsets.at(state); edge < end; edge += 1) {
      const target = targets.at(edge);
      sources[filled[target] ?? 0] = state;
      add(filled, target, 1);
    }
  }
  return (state) => sources.subarray(begins[state], begins[state + 1]);
}

function add(numbers: Int32Array, index: number, number: number): void {
  numbers[index] = (numbers[index] ?? 0) + number;
}
