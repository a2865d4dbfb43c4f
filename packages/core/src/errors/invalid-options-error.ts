/**
 * The options of a client are wrong. Not a `TalkmeError`, because it concerns no message. Names every wrong option and
 * never contains an option's value.
 */
export class InvalidOptionsError extends Error {
  override readonly name = "InvalidOptionsError";
  /** Stable. */
  readonly code = "invalid_options";
  /** One sentence for each problem; begins with the option's name. */
  readonly issues: readonly string[];

  constructor(issues: readonly string[]) {
    super(`Invalid TalkmeClient options: ${issues.join("; ")}`);
    this.issues = issues;
  }
}
