/**
 * The options of a client are wrong; the constructor throws it. It is not a `TalkmeError`, because no message
 * is concerned. The message names every wrong option at once and never holds an option's value.
 */
export class InvalidOptionsError extends Error {
  override readonly name = "InvalidOptionsError";
  /** Stable. */
  readonly code = "invalid_options";
  /** One sentence for each problem, each beginning with the option's name. */
  readonly issues: readonly string[];

  constructor(issues: readonly string[]) {
    super(`Invalid TalkmeClient options: ${issues.join("; ")}`);
    this.issues = issues;
  }
}
