/** No address answered in time. Its message says how long was waited, and what came of each address. */
export class ConnectTimeoutError extends Error {
  override readonly name = "ConnectTimeoutError";
  /** As undici calls it. */
  readonly code = "UND_ERR_CONNECT_TIMEOUT";
}
