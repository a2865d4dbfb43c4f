/**
 * The public API of `@talkme/core`. It leaves out the wire encoding and the transport, so that both can change.
 */
export { TalkmeClient } from "./client/talkme-client.ts";
export type { TalkmeClientOptions } from "./client/talkme-client-options.ts";
export type { Logger, RequestEvent, ResponseEvent } from "./client/call-events.ts";
export type { CallOptions } from "./client/call-options.ts";
export type {
  InjectedController,
  InjectedDispatcher,
  InjectedHandler,
  InjectedRequest,
} from "./transport/injected-dispatcher.ts";
export type { Accepted } from "./client/accepted.ts";
export type { Action } from "./client/action.ts";
export type { Outcome } from "./outcome.ts";

export { messageSchema } from "./message/message.ts";
export type { Message, ValidMessage } from "./message/message.ts";
export { infoContatoSchema } from "./message/info-contato.ts";
export type { CanonicalInfoContato, InfoContato } from "./message/info-contato.ts";
export { recipientOf } from "./message/recipient-of.ts";
export { messageIssues } from "./message/message-issues.ts";
export type { MessageIssue } from "./message/message-issue.ts";

export { normalizePhone } from "./phone/normalize-phone.ts";
export type { PhoneNumber, PhoneProblem, PhoneResult } from "./phone/phone-number.ts";

export { interpretResponse } from "./response/interpret-response.ts";
export { defaultResponseRules } from "./response/default-response-rules.ts";
export { responseRuleSchema } from "./response/response-rule.ts";
export { responseRulesSchema } from "./response/response-rules.ts";
export type { ResponseRule } from "./response/response-rule.ts";
export type { Answer, SentFacts } from "./response/answer.ts";
export { suggestRules } from "./response/suggest-rules.ts";
export type { SuggestedRules } from "./response/suggest-rules.ts";
export type { JudgedAnswer } from "./response/judged-answer.ts";
export type { Verdict } from "./response/verdict.ts";

export { redact } from "./redaction/redact.ts";

export { errorCodes, isErrorCode } from "./errors/error-codes.ts";
export type { ErrorCode } from "./errors/error-codes.ts";
export type { RuleCode } from "./errors/rule-code.ts";
export { TalkmeError } from "./errors/talkme-error.ts";
export type { TalkmeErrorDetails } from "./errors/talkme-error.ts";
export { InvalidMessageError } from "./errors/invalid-message-error.ts";
export { NotSentError } from "./errors/not-sent-error.ts";
export { RateLimitedError } from "./errors/rate-limited-error.ts";
export { AuthenticationError } from "./errors/authentication-error.ts";
export { RejectedError } from "./errors/rejected-error.ts";
export { NotFoundError } from "./errors/not-found-error.ts";
export { UnknownOutcomeError } from "./errors/unknown-outcome-error.ts";
export { InvalidOptionsError } from "./errors/invalid-options-error.ts";
