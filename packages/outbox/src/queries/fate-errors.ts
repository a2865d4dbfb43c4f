/** The error of a row that a claim met and did not send, by its `error_code`. */
export const fateErrors = {
  claim_unsettled:
    "It was made pending past talkme.retry and talkme.resolve, although its message may have been sent. Look for it in Talk.me, then call talkme.resolve.",
  expired: "It was not sent before expires_at. To send it after all: talkme.retry, with a later one.",
  forgotten: "The person's data was erased by talkme.forget.",
  suppressed: "The recipient is suppressed (talkme.suppression) and gets nothing.",
  batch_paused: "Its batch is paused (talkme.paused): it waits for talkme.resume.",
  outside_window: "The sending window is closed where the recipient is: it is sent when it opens.",
  recipient_gap:
    "Another message went to the recipient a short time ago: it is sent when the recipient gap is over.",
} as const;

export type FateCode = keyof typeof fateErrors;
