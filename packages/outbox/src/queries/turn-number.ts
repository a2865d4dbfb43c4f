let last = 0;

/**
 * The number of a turn, which names its claims together with the instance: of two turns of a process none has the same, nor has an
 * instance the name of an earlier one. So a row's claim is never taken for another, whatever becomes of ids and fences.
 */
export function nextTurn(): number {
  last += 1;
  return last;
}
