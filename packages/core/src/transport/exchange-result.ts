import type { IncomingHttpHeaders } from "undici/types/header.js";

/** The part of an HTTP answer that arrived, up to the limit. */
export interface ReceivedAnswer {
  readonly httpStatus: number;
  readonly headers: IncomingHttpHeaders;
  /** At most 64 KiB. */
  readonly body: Buffer;
  /** Whether the body was longer than the limit and was cut there. */
  readonly cut: boolean;
}

/**
 * What is proven about a request without a complete answer.
 *
 * - `not_written`: no byte of it was handed to a socket, and none will be.
 * - `maybe_written`: it was handed to a socket, so part of it may have left.
 * - `unproven`: a dispatcher that is not undici's own gave no evidence, so it may have left.
 */
export type WriteEvidence = "not_written" | "maybe_written" | "unproven";

/** How a request ended. */
export type ExchangeResult =
  | { readonly kind: "answered"; readonly answer: ReceivedAnswer }
  | {
      readonly kind: "failed";
      readonly reason: "error" | "timeout" | "aborted";
      readonly evidence: WriteEvidence;
      readonly error: unknown;
      /** The beginning of an answer, if there was one. */
      readonly partial: ReceivedAnswer | undefined;
    };
