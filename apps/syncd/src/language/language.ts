/** The languages of `check`, `status` and their help. Codes, log lines and `--json` are English always. */
export const languages = ["en", "pt-BR"] as const;
export type Language = (typeof languages)[number];

/** A language as people and locales spell it: `pt-BR`, `pt_BR.UTF-8`, `en_GB`; null for any other. */
export function parseLanguage(text: string): Language | null {
  const [name = ""] = text.toLowerCase().split(/[.@]/);
  if (/^pt(?:[-_]\w+)?$/.test(name)) return "pt-BR";
  return /^(?:en(?:[-_]\w+)?|c|posix)$/.test(name) ? "en" : null;
}

/** The language of an environment, as POSIX has it: the first of these that is set decides. English where it is another. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return parseLanguage(LC_ALL || LC_MESSAGES || LANG || "") ?? "en";
}
