import type { Dispatcher } from "undici";

import type { ResponseRule } from "../response/response-rule.ts";

/** How a `TalkmeClient` is made. */
export interface TalkmeClientOptions {
  /** The account (`id_cliente`), shown in the platform's upper right corner. */
  readonly idCliente: string | number;
  /** The account's secret. It travels in the query string, because the API knows no other way. */
  readonly token: string;
  /**
   * Where the API is: http or https, without credentials, query or hash. `dbdial_webapi.php` is appended to
   * its path.
   *
   * @default "https://api.talk.me"
   */
  readonly baseUrl?: string | undefined;
  /**
   * The longest that a call takes, from its beginning to the end of the answer's body, waiting for a
   * connection included. In milliseconds.
   *
   * @default 15000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The longest that making a connection takes, TLS included, in milliseconds. Where the host has several
   * addresses, the next is tried beside the others after a quarter of a second, and none is given up before
   * the time is over. Of no effect with `dispatcher`.
   *
   * @default 10000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * The most connections to hold, each of which carries one request at a time, and rests for a tenth of a second
   * between two where there is another: allow more than there are calls at once. Of no effect with `dispatcher`.
   *
   * @default unlimited: as many as there are calls at once
   */
  readonly maxConnections?: number | undefined;
  /**
   * Told each time that more came back than one answer to each request, as a broken proxy or server sends it. What is known to have
   * been on such a connection is `unknown`; from then on each connection carries one request alone, for ten minutes. Of no effect
   * with `dispatcher`.
   *
   * @default nobody is told
   */
  readonly onSurplusAnswer?: (() => void) | undefined;
  /**
   * The undici dispatcher to send through, such as a `ProxyAgent`. It must not retry or redirect; a request
   * that it starts twice is aborted. With one that is not an unmodified dispatcher of undici's own, fewer
   * failures can be proven to be `not_sent`. The client never closes it.
   *
   * @default an `Agent` of the client's own
   */
  readonly dispatcher?: Dispatcher | undefined;
  /**
   * What answers mean, asked before `defaultResponseRules`; the first that applies decides.
   *
   * @default none
   */
  readonly rules?: readonly ResponseRule[] | undefined;
  /**
   * `acao` of method 1.
   *
   * @default "insere_whats_simples"
   */
  readonly acaoSimples?: string | undefined;
  /**
   * `acao` of method 2. The vendor's page also writes `envio_simples_whats_v2`.
   *
   * @default "envio_whats_simples_v2"
   */
  readonly acaoV2?: string | undefined;
  /**
   * How `endereço` and `país` are spelled on the wire: the vendor's page does it in both ways.
   *
   * @default "both"
   */
  readonly spelling?: "ascii" | "accented" | "both" | undefined;
  /**
   * How Brazilian numbers are written on the wire: `11988887777` or `5511988887777`. Others always have their
   * country code; with `national`, those that could be taken for a Brazilian number are refused.
   *
   * @default "national"
   */
  readonly phoneFormat?: "national" | "e164-digits" | undefined;
}
