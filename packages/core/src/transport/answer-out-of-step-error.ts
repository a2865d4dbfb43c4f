/** What came back may be the answer to another request. */
export class AnswerOutOfStepError extends Error {
  override readonly name = "AnswerOutOfStepError";

  constructor() {
    super("more came back than one answer, or it came before the request was written");
  }
}
