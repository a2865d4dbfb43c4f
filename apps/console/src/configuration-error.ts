/** Something is wrong with the settings. Carries every problem at once; the program exits with 78 (EX_CONFIG). */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  /** Each names the setting, says what is wrong and what is expected; none holds a secret's value. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(["The configuration is not usable:", ...problems.map((problem) => `  - ${problem}`)].join("\n"));
    this.problems = problems;
  }
}
