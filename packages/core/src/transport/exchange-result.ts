import type { IncomingHttpHeaders } from "undici/types/header.js";

/** As much of an HTTP answer as arrived, or as was wanted. */
export interface ReceivedAnswer {
  readonly httpStatus: number;
  readonly headers: IncomingHttpHeaders;
  /** At most 64 KiB. */
  readonly body: Buffer;
  /** Whether the body was longer than the limit and was cut there. */
  readonly cut: boolean;
}

/**
 * What is proven of the request when no whole answer came.
 *
 * - `not_written`: no byte of it was handed to a socket, and none will be.
 * - `maybe_written`: it was handed to a socket, so some of it may have left.
 * - `unproven`: a dispatcher that is not undici's own never said, so it may have left.
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
      /** The beginning of an answer, where there was one. */
      readonly partial: ReceivedAnswer | undefined;
    };
