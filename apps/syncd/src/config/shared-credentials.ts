/** A configured account, and where it was configured. */
export interface ConfiguredAccount {
  readonly name: string;
  /** The setting that gives its `id_cliente`, and the one that gives its token. */
  readonly places: { readonly idCliente: string; readonly token: string };
  readonly idCliente: string;
  readonly token: string;
}

/**
 * Finds accounts that are one account at Talk.me, which counts 404s and limits the rate by its own account, while syncd
 * counts by name: together, two names reach the third 404 in a row that locks the token. A shared token is the same
 * mistake, or one of the accounts has the wrong one.
 *
 * Never repeats a value: a token may have been pasted into the wrong field.
 */
export function sharedCredentials(accounts: readonly ConfiguredAccount[]): readonly string[] {
  const problems: string[] = [];
  for (const [index, later] of accounts.entries()) {
    for (const earlier of accounts.slice(0, index)) {
      if (sameNumber(earlier.idCliente, later.idCliente)) {
        problems.push(
          `${later.places.idCliente} is the id_cliente of ${earlier.places.idCliente}, too: the accounts ${earlier.name} and ${later.name} are one at Talk.me, which counts and locks by it. Keep one name; rows choose it with the column account.`,
        );
      } else if (earlier.token !== "" && earlier.token === later.token) {
        problems.push(
          `${later.places.token} is the token of ${earlier.places.token}, too: each id_cliente has a token of its own. Correct one of them.`,
        );
      }
    }
  }
  return problems;
}

function sameNumber(a: string, b: string): boolean {
  return a !== "" && withoutLeadingZeros(a) === withoutLeadingZeros(b);
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}
