import type { ErrorCode } from "../errors/error-codes.ts";

/** Codes of a proxy that let no request through. */
export type ProxyErrorCode = Extract<ErrorCode, `proxy_${string}`>;

/**
 * The proxy could not be reached, or opened no tunnel, so nothing was sent. The message names the proxy without user and
 * password.
 */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  /** Whether the proxy said no, as opposed to saying nothing: its other addresses would say the same. */
  get isAnswer(): boolean {
    return this.code === "proxy_refused" || this.code === "proxy_authentication_failed";
  }
}
