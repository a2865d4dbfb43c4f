import { queryParameter, type ApiRequest } from "./api-request.ts";
import { Refusal } from "./refusal.ts";

/** A customer of the vendor: both values go in the query string of every request. */
export interface Account {
  readonly idCliente: string;
  readonly token: string;
}

/** The default account's credentials: public, and safe to print. */
export const defaultIdCliente = "123";
export const defaultToken = "simulator-token";

export class Accounts {
  readonly #tokens: ReadonlyMap<string, string>;

  /** @throws {RangeError} if there is none, or two share an `idCliente`. */
  constructor(accounts: readonly Account[]) {
    this.#tokens = new Map(accounts.map(({ idCliente, token }) => [idCliente, token]));
    if (this.#tokens.size === 0) throw new RangeError("at least one account is needed");
    if (this.#tokens.size < accounts.length) throw new RangeError("two accounts have the same idCliente");
  }

  /** The `idCliente` whose token the request carries, or a refusal. */
  authenticate({ query }: ApiRequest): string | Refusal {
    const idCliente = queryParameter(query, "id_cliente");
    const token = queryParameter(query, "token");
    if (idCliente === null || token === null) {
      return new Refusal("missing-credentials", "id_cliente and token must be in the query string");
    }
    return this.#tokens.get(idCliente) === token
      ? idCliente
      : new Refusal("wrong-credentials", "id_cliente and token do not belong together");
  }
}
