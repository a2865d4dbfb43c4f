/** No address answered in time. The message says how long each was tried and how it failed. */
export class ConnectTimeoutError extends Error {
  override readonly name = "ConnectTimeoutError";
  /** undici's code. */
  readonly code = "UND_ERR_CONNECT_TIMEOUT";
}
