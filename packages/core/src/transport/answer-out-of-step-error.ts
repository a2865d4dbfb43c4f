/** The answer may belong to another request. */
export class AnswerOutOfStepError extends Error {
  override readonly name = "AnswerOutOfStepError";

  constructor() {
    super("a second answer came, or one before the request was written");
  }
}
