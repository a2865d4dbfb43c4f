/** An account as it is configured, and where. */
export interface ConfiguredAccount {
  readonly name: string;
  /** Where its `id_cliente` is written, and its token. */
  readonly places: { readonly idCliente: string; readonly token: string };
  readonly idCliente: string;
  readonly token: string;
}

/**
 * Says which accounts are one at Talk.me. It counts 404s, locks and limits the rate by its own account, and each of our
 * names would count and limit by itself: the third 404 in a row of all of them together locks the token. Two accounts with
 * one token are the same mistake, or one of them has the wrong one.
 *
 * Values are not repeated: a token is pasted into the wrong field by mistake.
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
