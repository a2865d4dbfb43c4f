/** Measures one contender in one round. */
export type Trial<T> = () => Promise<T>;

/**
 * Runs the contenders in turn, so that other load on the machine affects them alike. Every other round goes backwards, so
 * that none always follows the same one.
 */
export async function interleave<Name extends string, T>(
  rounds: number,
  trials: Readonly<Record<Name, Trial<T>>>,
  onResult: (name: Name, round: number, result: T) => void,
): Promise<Readonly<Record<Name, readonly T[]>>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys is typed for objects with more keys
  const names = Object.keys(trials) as Name[];
  const results = new Map<Name, T[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const result = await trials[name]();
      results.get(name)?.push(result);
      onResult(name, round, result);
    }
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return Object.fromEntries(results) as Record<Name, T[]>;
}
