import type { ValidMessage } from "../message/message.ts";
import { requireUnambiguousPhone } from "../message/require-recipient.ts";
import { encodeSimples } from "../wire/encode-simples.ts";
import { encodeV2 } from "../wire/encode-v2.ts";
import type { WireFormat } from "../wire/wire-format.ts";
import { wireNames } from "../wire/wire-names.ts";
import type { InjectedRequest } from "../transport/injected-dispatcher.ts";
import type { ValidOptions } from "./parse-options.ts";
import { version } from "./version.ts";

const userAgent = `talkme-core/${version}`;
const simplesHeaders = ["accept", "*/*", "accept-encoding", "identity", "user-agent", userAgent];
const v2Headers = [...simplesHeaders, "content-type", "application/json; charset=utf-8"];

/** Encodes messages as HTTP requests to one account's endpoint. */
export class RequestBuilder {
  /** The endpoint's URL, without a query: safe to show. */
  readonly baseUrl: string;
  readonly #origin: string;
  readonly #simplesPath: string;
  readonly #v2Path: string;
  readonly #format: WireFormat;

  constructor(options: ValidOptions) {
    const { origin, path } = options.baseUrl;
    this.baseUrl = `${origin}${path}`;
    this.#origin = origin;
    this.#simplesPath = path + accountQuery(options.acaoSimples, options);
    this.#v2Path = path + accountQuery(options.acaoV2, options);
    this.#format = options;
  }

  /** Method 1. */
  simples(message: ValidMessage): InjectedRequest {
    requireUnambiguousPhone(message, this.#format.phoneFormat);
    return {
      origin: this.#origin,
      path: this.#simplesPath + encodeSimples(message, this.#format),
      method: "GET",
      headers: simplesHeaders,
    };
  }

  /** Method 2. */
  v2(message: ValidMessage): InjectedRequest {
    requireUnambiguousPhone(message, this.#format.phoneFormat);
    return {
      origin: this.#origin,
      path: this.#v2Path,
      method: "POST",
      headers: v2Headers,
      body: encodeV2(message, this.#format),
    };
  }
}

function accountQuery(acao: string, { idCliente, token }: ValidOptions): string {
  return `?${wireNames.acao}=${encodeURIComponent(acao)}&${wireNames.idCliente}=${encodeURIComponent(idCliente)}&${wireNames.token}=${encodeURIComponent(token)}`;
}
