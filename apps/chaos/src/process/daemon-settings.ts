import { defaultIdCliente, defaultToken } from "@talkme/simulator";

/** Requests that one instance may have on the wire. */
export const concurrency = 8;
export const leaseSeconds = 3;
export const requestTimeoutMs = 800;
/** Longer than the longest pause, to get late answers instead of timeouts. */
const patientTimeoutMs = 10_000;
const drainTimeoutMs = 2000;

export interface Places {
  readonly databaseUrl: string;
  readonly apiUrl: string;
}

/**
 * The variables of `syncd run`, with short times, so that a run of seconds covers hours of production.
 *
 * @param isPatient Waits long for answers, so that after a pause it still gets those that came during it.
 * @param changes Further variables, or other values.
 */
export function daemonSettings(
  { databaseUrl, apiUrl }: Places,
  isPatient: boolean,
  changes: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    TALKME_DATABASE_URL: databaseUrl,
    TALKME_BASE_URL: apiUrl,
    TALKME_ID_CLIENTE: defaultIdCliente,
    TALKME_TOKEN: defaultToken,
    TALKME_CONCURRENCY: String(concurrency),
    TALKME_RATE_PER_SECOND: "0",
    TALKME_REQUEST_TIMEOUT_MS: String(isPatient ? patientTimeoutMs : requestTimeoutMs),
    TALKME_POLL_INTERVAL_MS: "200",
    TALKME_BACKOFF_BASE_MS: "50",
    TALKME_BACKOFF_MAX_MS: "500",
    TALKME_LEASE_SECONDS: String(leaseSeconds),
    TALKME_DRAIN_TIMEOUT_MS: String(drainTimeoutMs),
    TALKME_HTTP_PORT: "0",
    TALKME_LOG_LEVEL: "info",
    ...changes,
  };
}
