let last = 0;

/**
 * The number of a turn, which names its claims together with the instance. No two turns of a process share a number, and no
 * instance reuses a name: a row's claim is never mistaken for another, whatever becomes of ids and fences.
 */
export function nextTurn(): number {
  last += 1;
  return last;
}
