import { wrongSettings } from "../language/findings/settings.ts";
import type { Text } from "../language/text.ts";

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
export function sharedCredentials(accounts: readonly ConfiguredAccount[]): readonly Text[] {
  const problems: Text[] = [];
  for (const [index, later] of accounts.entries()) {
    for (const earlier of accounts.slice(0, index)) {
      if (sameNumber(earlier.idCliente, later.idCliente)) {
        problems.push(
          wrongSettings.sharedIdCliente(later.places.idCliente, earlier.places.idCliente, [
            earlier.name,
            later.name,
          ]),
        );
      } else if (earlier.token !== "" && earlier.token === later.token) {
        problems.push(wrongSettings.sharedToken(later.places.token, earlier.places.token));
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
