import type { ErrorCode } from "../errors/error-codes.ts";
import { ProxyError, type ProxyErrorCode } from "./proxy-error.ts";

/** Error codes of failed connections. */
export type ConnectFailureCode =
  | ProxyErrorCode
  | Extract<
      ErrorCode,
      "dns_failed" | "connection_refused" | "connect_timeout" | "tls_failed" | "connection_failed"
    >;

const byCode: Partial<Record<string, ConnectFailureCode>> = {
  ECONNREFUSED: "connection_refused",
  UND_ERR_CONNECT_TIMEOUT: "connect_timeout",
  EHOSTUNREACH: "connection_failed",
  ENETUNREACH: "connection_failed",
  EHOSTDOWN: "connection_failed",
  ENETDOWN: "connection_failed",
  EADDRNOTAVAIL: "connection_failed",
};

// OpenSSL's verification results have no common prefix; https://nodejs.org/api/tls.html#x509-certificate-error-codes
const tlsCode =
  /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|UNABLE_TO_|CERT_|CRL_|ERROR_IN_C|SELF_SIGNED_CERT|DEPTH_ZERO_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|OUT_OF_MEM$)/;

/**
 * How connecting failed, by the error's code and system call, never by its message; undefined if the error can also occur
 * on an open connection.
 */
export function connectFailure(error: unknown): ConnectFailureCode | undefined {
  if (error instanceof ProxyError) return error.code;
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const syscall = "syscall" in error && typeof error.syscall === "string" ? error.syscall : undefined;
  if (syscall?.startsWith("getaddrinfo") === true || syscall?.startsWith("query") === true)
    return "dns_failed";
  if (code === "ENOTFOUND" || code?.startsWith("EAI_") === true) return "dns_failed";
  if (code !== undefined) {
    const known = byCode[code];
    if (known !== undefined) return known;
    if (tlsCode.test(code)) return "tls_failed";
  }
  if (syscall === "connect") return code === "ETIMEDOUT" ? "connect_timeout" : "connection_failed";
  // Every address failed, and rarely in different ways.
  if (error instanceof AggregateError) return connectFailure(error.errors[0]);
  return undefined;
}
