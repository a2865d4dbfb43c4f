import { inspect } from "node:util";

import { AnswerReader } from "./answer-reader.ts";
import type { Accepted } from "./accepted.ts";
import type { Action } from "./action.ts";
import { CallObserver } from "./call-observer.ts";
import type { CallOptions } from "./call-options.ts";
import type { InjectedDispatcher, InjectedRequest } from "../transport/injected-dispatcher.ts";
import { parseOptions } from "./parse-options.ts";
import { RequestBuilder } from "./request-builder.ts";
import { requireTimeLimit } from "./time-limit.ts";
import type { TalkmeClientOptions } from "./talkme-client-options.ts";
import { undisturbed } from "./undisturbed.ts";
import { requireRecipient } from "../message/require-recipient.ts";
import { requireSimples } from "../message/require-simples.ts";
import type { Message, ValidMessage } from "../message/message.ts";
import { parseMessage } from "../message/parse-message.ts";
import { callsStartBeforeWriting, ownDispatcher } from "../transport/dispatcher.ts";
import { Exchange } from "../transport/exchange.ts";

/**
 * Adds contacts to running Talk.me campaigns, and reports for each call what is proven: accepted, rejected, not sent or
 * unknown. Never retries, never follows a redirect, and shows its token only to the API.
 *
 * ```ts
 * await using client = new TalkmeClient(); // TALKME_ID_CLIENTE and TALKME_TOKEN of the environment
 * await client.send({ numeroDest: "11988887777", idCampanha: 12345, infoContato: { nome: "Fulano de tal" } });
 * ```
 */
export class TalkmeClient {
  readonly #requests: RequestBuilder;
  readonly #answers: AnswerReader;
  readonly #observer: CallObserver | null;
  readonly #dispatcher: InjectedDispatcher;
  readonly #closeDispatcher: () => Promise<void>;
  readonly #startIsCertain: boolean;
  readonly #timeoutMs: number;
  #closing: Promise<void> | undefined;

  /** @throws InvalidOptionsError that names every wrong option. */
  constructor(options: TalkmeClientOptions = {}) {
    const valid = parseOptions(options);
    this.#requests = new RequestBuilder(valid);
    this.#answers = new AnswerReader(valid);
    this.#observer = CallObserver.of(valid);
    if (valid.dispatcher === undefined) {
      const { baseUrl, proxyUrl: proxy, onSurplusAnswer } = valid;
      const onSurplus = (): void => undisturbed("onSurplusAnswer", () => onSurplusAnswer?.());
      const own = ownDispatcher({ ...valid, origin: baseUrl.origin, proxy, onSurplus });
      this.#dispatcher = own;
      this.#closeDispatcher = async () => own.close();
    } else {
      this.#dispatcher = valid.dispatcher;
      this.#closeDispatcher = async () => {};
    }
    this.#startIsCertain = callsStartBeforeWriting(this.#dispatcher);
    this.#timeoutMs = valid.timeoutMs;
  }

  /**
   * Sends a message by the method that it needs: method 2 if it has `infoContato` or `emailDest`, otherwise
   * method 1. Resolves only if Talk.me accepted it.
   *
   * @throws InvalidMessageError before any request, NotSentError, RateLimitedError, AuthenticationError, RejectedError,
   *   NotFoundError or UnknownOutcomeError. Each has a stable `code` and an `outcome`.
   * @throws InvalidOptionsError before any request, for a wrong `timeoutMs`.
   */
  async send(message: Message, options: CallOptions = {}): Promise<Accepted> {
    const valid = parseMessage(message);
    return valid.infoContato === undefined && valid.emailDest === undefined
      ? this.#simples(valid, options)
      : this.#v2(valid, options);
  }

  /**
   * Method 1 (GET `insere_whats_simples`), for templates without variables. Refuses a message with `emailDest`, `assunto`
   * or `infoContato`, which it cannot carry.
   *
   * @throws the same as {@link send}.
   */
  async insereWhatsSimples(message: Message, options: CallOptions = {}): Promise<Accepted> {
    return this.#simples(parseMessage(message), options);
  }

  /**
   * Method 2 (POST `envio_whats_simples_v2`), for templates with variables and for e-mail. `documento`
   * and `telefone1` default to the recipient's number.
   *
   * @throws the same as {@link send}.
   */
  async envioWhatsSimplesV2(message: Message, options: CallOptions = {}): Promise<Accepted> {
    return this.#v2(parseMessage(message), options);
  }

  /**
   * Lets running calls end, then closes the connections. Later calls throw a NotSentError. Never closes a dispatcher that
   * was given to the client. May be called again.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#closeDispatcher();
    await this.#closing;
  }

  /** The same as {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #simples(message: ValidMessage, options: CallOptions): Promise<Accepted> {
    requireSimples(message);
    requireRecipient(message, options.recipient);
    return this.#exchange("simples", message, this.#requests.simples(message), options);
  }

  async #v2(message: ValidMessage, options: CallOptions): Promise<Accepted> {
    requireRecipient(message, options.recipient);
    return this.#exchange("v2", message, this.#requests.v2(message), options);
  }

  async #exchange(
    action: Action,
    message: ValidMessage,
    request: InjectedRequest,
    { timeoutMs = this.#timeoutMs, startWithinMs = timeoutMs, signal, onAnswer }: CallOptions,
  ): Promise<Accepted> {
    if (this.#closing !== undefined) throw this.#answers.notDispatched("client_closed", action);
    if (signal?.aborted === true)
      throw this.#answers.notDispatched("aborted_before_send", action, signal.reason);
    requireTimeLimit(timeoutMs);
    const limits = { timeoutMs, startWithinMs, signal };
    const call = async (): Promise<Accepted> => {
      const result = await Exchange.run(this.#dispatcher, request, limits, this.#startIsCertain);
      return this.#answers.read(action, message, result, onAnswer);
    };
    if (this.#observer === null) return call();
    return this.#observer.observe({ action, method: request.method, url: this.#requests.baseUrl }, call);
  }

  /** Shows where the client sends to, without account and token. */
  toJSON(): { baseUrl: string } {
    return { baseUrl: this.#requests.baseUrl };
  }

  [inspect.custom](): string {
    return `TalkmeClient { baseUrl: ${inspect(this.#requests.baseUrl)} }`;
  }
}
