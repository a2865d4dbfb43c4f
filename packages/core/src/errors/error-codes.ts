import type { Outcome } from "../outcome.ts";

interface ErrorCodeEntry {
  readonly outcome: Exclude<Outcome, "accepted">;
  readonly error: string;
  readonly meaning: string;
  readonly remedy: string;
}

/**
 * Every error code of this package, with its meaning and remedy. Codes are stable: databases store them and alerts
 * match them. The error messages come from this record; `docs/errors.md` lists the codes. A user's own response rules
 * may add others.
 */
export const errorCodes = {
  invalid_message: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "The message does not have the shape that the API accepts; no request was made.",
    remedy: "Correct the fields named in `issues`.",
  },
  unknown_field: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "The message has a field that the API does not know; no request was made.",
    remedy: "Correct the field's name or leave it out.",
  },
  missing_recipient: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "The message has neither a phone number nor an e-mail address; no request was made.",
    remedy: "Give numeroDest, emailDest or both.",
  },
  missing_target: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "The message has neither a campaign nor a channel; no request was made.",
    remedy: "Give idCampanha, idWpp or both.",
  },
  wrong_method: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "Method 1 cannot carry a field of this message; no request was made.",
    remedy: "Give infoContato or emailDest too, so that method 2 is used, or leave the field out.",
  },
  invalid_phone: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "The phone number does not exist; no request was made.",
    remedy: "Give DDD and number, such as 11988887777, or a full international number that begins with +.",
  },
  invalid_phone_length: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "The phone number has too few or too many digits; no request was made.",
    remedy: "Give the two-digit DDD and the number of 8 or 9 digits.",
  },
  invalid_ddd: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "The phone number begins with a DDD (area code) that does not exist; no request was made.",
    remedy: "Correct the DDD. A foreign number must begin with + and its country code.",
  },
  ambiguous_phone: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning:
      "The digits of this foreign number are also those of a Brazilian one, and phoneFormat is national: it could go to a stranger. No request was made.",
    remedy:
      "If the API reads every number with its country code, set phoneFormat to e164-digits; otherwise the number cannot be reached.",
  },
  recipient_mismatch: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning:
      "The message would go to another recipient than its caller expects, because the two read the number or address differently. No request was made.",
    remedy:
      "Write the number as + and all of its digits, the address in plain ASCII, and bring schema and program to the same version.",
  },
  invalid_email: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning: "The e-mail address is not valid; no request was made.",
    remedy: "Correct emailDest.",
  },
  invalid_text: {
    outcome: "rejected",
    error: "InvalidMessageError",
    meaning:
      "A value contains what WhatsApp refuses in a template: a newline, a tab or more than four spaces in a row. No request was made.",
    remedy: "Replace each by a single space.",
  },

  dns_failed: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The API's host name could not be resolved; nothing was sent.",
    remedy: "Check baseUrl and the machine's DNS, then send again.",
  },
  connection_refused: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The API's host refused the connection; nothing was sent.",
    remedy: "Check baseUrl and the firewall, then send again.",
  },
  connect_timeout: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "No connection could be made in time; nothing was sent.",
    remedy: "Check the network and the firewall, then send again.",
  },
  tls_failed: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The TLS handshake failed, so the host may not be the one it claims to be; nothing was sent.",
    remedy: "Check baseUrl, the machine's clock and its certificate authorities, then send again.",
  },
  connection_failed: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The connection could not be made; nothing was sent.",
    remedy: "Look at `cause`, check the network, then send again.",
  },
  proxy_unreachable: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The proxy could not be connected to; nothing was sent.",
    remedy: "Check proxyUrl, the proxy and the network, then send again.",
  },
  proxy_authentication_failed: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The proxy refuses user and password, or wants some (407, or 401); nothing was sent.",
    remedy: "Correct user and password in proxyUrl before anything else is sent through it.",
  },
  proxy_refused: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The proxy opened no tunnel to the API; nothing was sent.",
    remedy: "Have the proxy allow CONNECT to the host and port of baseUrl, or look whether it reaches them.",
  },
  proxy_failed: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning:
      "The proxy gave no answer, or one that is not HTTP, when it was asked for a tunnel; nothing was sent.",
    remedy: "Check that proxyUrl is an HTTP proxy's, with the right scheme and port, then send again.",
  },
  connection_lost_before_send: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The connection closed before a byte of this request was written; nothing was sent.",
    remedy: "Send again.",
  },
  timeout_before_send: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The time ran out while the request still waited for a connection; nothing was sent.",
    remedy: "Allow more connections or a longer timeoutMs, then send again.",
  },
  aborted_before_send: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The caller's signal aborted the call before a byte was written; nothing was sent.",
    remedy: "Send again when wanted.",
  },
  client_closed: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "The client, or its dispatcher, was already closed; nothing was sent.",
    remedy: "Send with a client that is open.",
  },
  dispatch_failed: {
    outcome: "not_sent",
    error: "NotSentError",
    meaning: "undici refused the request; nothing was sent.",
    remedy: "Look at `cause`: most likely the injected dispatcher does not suit baseUrl.",
  },
  rate_limited: {
    outcome: "not_sent",
    error: "RateLimitedError",
    meaning: "The API answered 429: too many requests. The message was not taken.",
    remedy: "Send again no earlier than retryAfterMs, and more slowly.",
  },
  service_unavailable: {
    outcome: "not_sent",
    error: "RateLimitedError",
    meaning: "The API answered 503: it is down or overloaded. The message was not taken.",
    remedy: "Send again no earlier than retryAfterMs.",
  },
  authentication_failed: {
    outcome: "not_sent",
    error: "AuthenticationError",
    meaning: "The API refused the account, not the message.",
    remedy: "Correct idCliente and token before anything else is sent with them.",
  },

  not_found: {
    outcome: "rejected",
    error: "NotFoundError",
    meaning: "The API answered 404: no results or a wrong parameter.",
    remedy:
      "Check idCampanha and idWpp before sending more: three in a row are said to lock the account's token.",
  },
  request_rejected: {
    outcome: "rejected",
    error: "RejectedError",
    meaning: "The API refused the request.",
    remedy: "Read `response`, correct the message and send it as a new one.",
  },
  rejected_by_api: {
    outcome: "rejected",
    error: "RejectedError",
    meaning: "The API answered 2xx with a body that reports a failure.",
    remedy: "Read `response`, correct the message and send it as a new one.",
  },

  timeout: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The time ran out after the request may have left; it may have been sent.",
    remedy: "Look for the message in the platform before sending it again.",
  },
  aborted: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The caller's signal aborted the call after the request may have left; it may have been sent.",
    remedy: "Look for the message in the platform before sending it again.",
  },
  connection_lost: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The connection was lost after the request may have left; it may have been sent.",
    remedy: "Look for the message in the platform before sending it again.",
  },
  response_incomplete: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The answer began but is incomplete; the message may have been sent.",
    remedy: "Look for the message in the platform before sending it again.",
  },
  response_malformed: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "What came back is not HTTP; the message may have been sent.",
    remedy: "Check that baseUrl is the API's, and look for the message in the platform.",
  },
  answer_out_of_step: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning:
      "A second answer came, or one before the request was written: it may belong to another request. The message may have been sent.",
    remedy:
      "Look for the message in the platform before sending it again. Fix the proxy or server that sends answers without requests.",
  },
  redirected: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The API answered with a redirect, which is never followed; the message may have been sent.",
    remedy: "Correct baseUrl, and look for the message in the platform.",
  },
  server_error: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The API failed while handling the request; the message may have been sent.",
    remedy: "Look for the message in the platform before sending it again.",
  },
  response_empty: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The API answered 2xx with an empty body; the message may have been sent.",
    remedy: "Look for the message in the platform before sending it again.",
  },
  response_html: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The API answered 2xx with a web page, perhaps from a firewall; the message may have been sent.",
    remedy: "Read `response`, and look for the message in the platform before sending it again.",
  },
  response_not_text: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The API answered 2xx with something that is not text; the message may have been sent.",
    remedy: "Look for the message in the platform before sending it again.",
  },
  response_too_long: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "The API answered 2xx with more than 64 KiB; the message may have been sent.",
    remedy: "Read `response`, and look for the message in the platform before sending it again.",
  },
  response_unrecognized: {
    outcome: "unknown",
    error: "UnknownOutcomeError",
    meaning: "No response rule matches this answer; the message may have been sent.",
    remedy: "Look for the message in the platform; then add a response rule that says what the answer means.",
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** A code of this package. */
export type ErrorCode = keyof typeof errorCodes;

/** Whether a code is one of this package, not one of a user's response rule. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}
