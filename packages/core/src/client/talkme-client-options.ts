import type { ResponseRule } from "../response/response-rule.ts";
import type { Logger, RequestEvent, ResponseEvent } from "./call-events.ts";
import type { InjectedDispatcher } from "../transport/injected-dispatcher.ts";

/** Options of a `TalkmeClient`. */
export interface TalkmeClientOptions {
  /**
   * The account (`id_cliente`), shown in the platform's upper right corner.
   *
   * @default TALKME_ID_CLIENTE of the environment
   */
  readonly idCliente?: string | number | undefined;
  /**
   * The account's secret. It travels in the query string, because the API offers no other way.
   *
   * @default TALKME_TOKEN of the environment
   */
  readonly token?: string | undefined;
  /**
   * Where the API is: http or https, without credentials, query or hash. `dbdial_webapi.php` is appended to
   * its path.
   *
   * @default "https://api.talk.me"
   */
  readonly baseUrl?: string | undefined;
  /**
   * An HTTP proxy, `http://proxy:3128` or `https://user:password@proxy:8443`. Every connection is a tunnel (CONNECT),
   * whatever baseUrl is; TLS with the API goes through it, and is verified. A proxy that opens none is `not_sent`. The
   * environment's `HTTPS_PROXY` and `NO_PROXY` have no effect. Not together with `dispatcher`.
   *
   * @default none
   */
  readonly proxyUrl?: string | undefined;
  /**
   * The longest that a call may take, from its start to the end of the answer's body, including the wait for a
   * connection, in milliseconds.
   *
   * @default 15000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The longest that connecting may take, a proxy's tunnel and TLS included, in milliseconds. If the host has several addresses, each
   * further one is tried after a quarter of a second beside the others, and each until the time is over. Ignored with
   * `dispatcher`.
   *
   * @default 10000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * The most connections to open. Each carries one request at a time and, if another is free, rests for a tenth of a
   * second between two: allow more than there are concurrent calls. Ignored with `dispatcher`.
   *
   * @default unlimited: one for each concurrent call
   */
  readonly maxConnections?: number | undefined;
  /**
   * Called when an answer comes without a request, as a broken proxy or server may send it. Requests on such a connection
   * are `unknown`; for the next ten minutes each connection carries only one request. Ignored with `dispatcher`.
   *
   * @default none
   */
  readonly onSurplusAnswer?: (() => void) | undefined;
  /**
   * The undici dispatcher to send through. It must not retry or redirect; a request
   * that it starts twice is aborted. With one that is not an unmodified dispatcher of undici's own, fewer
   * failures can be proven to be `not_sent`. The client never closes it.
   *
   * @default an `Agent` of the client's own
   */
  readonly dispatcher?: InjectedDispatcher | undefined;
  /**
   * Called before each request. Holds nothing secret and nothing personal. An error of it becomes a warning of the process.
   *
   * @default none
   */
  readonly onRequest?: ((request: RequestEvent) => void) | undefined;
  /**
   * Called once for each `onRequest`, with how the request ended, also without an answer. The same holds for it.
   *
   * @default none
   */
  readonly onResponse?: ((response: ResponseEvent) => void) | undefined;
  /**
   * Writes a line for each request and for how it ended: `debug`, or `warn` unless it was accepted. Such as `console`.
   *
   * @default none
   */
  readonly logger?: Logger | undefined;
  /**
   * Rules for what answers mean, tried before `defaultResponseRules`; the first that applies decides.
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
   * How `endereço` and `país` are spelled on the wire; the vendor's page uses both ways.
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
