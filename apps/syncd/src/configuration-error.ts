import { wrongSettings } from "./language/findings/settings.ts";
import type { Language } from "./language/language.ts";
import type { Text } from "./language/text.ts";

/** Something is wrong with the settings. Carries every problem at once; the program exits with 78 (EX_CONFIG). */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly code = "configuration_invalid";
  /** Each names the setting, says what is wrong and what is expected; none holds a secret's value. */
  readonly problems: readonly Text[];

  constructor(problems: readonly Text[]) {
    super(described(problems, "en"));
    this.problems = problems;
  }

  /** The message for people. */
  in(language: Language): string {
    return described(this.problems, language);
  }
}

function described(problems: readonly Text[], language: Language): string {
  const lines = problems.map((problem) => `  - ${problem.in(language)}`);
  return [wrongSettings.unusable.in(language), ...lines].join("\n");
}
