import { defaultIdCliente, defaultToken } from "@talkme/simulator";

/** Requests that one instance may have on the wire. */
export const concurrency = 8;
export const leaseSeconds = 3;
export const requestTimeoutMs = 800;
/** Longer than the longest pause: its answers come late, instead of its time-outs. */
const patientTimeoutMs = 10_000;
const drainTimeoutMs = 2000;

export interface Places {
  readonly databaseUrl: string;
  readonly apiUrl: string;
}

/**
 * The variables of `syncd run`: as quick as may be, so that a run of seconds sees what takes hours in production.
 *
 * @param isPatient It waits long for an answer: when it was paused, it gets those that came meanwhile.
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
