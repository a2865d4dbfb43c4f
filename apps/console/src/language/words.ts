import { en } from "./en.ts";
import { formatsOf, type Formats } from "./formats.ts";
import type { Language } from "./languages.ts";
import { ptBr, type Texts } from "./pt-br.ts";

/** Everything that a page says. */
export interface Words {
  readonly language: Language;
  readonly texts: Texts;
  readonly formats: Formats;
}

const all: Readonly<Record<Language, Words>> = {
  "pt-BR": { language: "pt-BR", texts: ptBr, formats: formatsOf("pt-BR") },
  en: { language: "en", texts: en, formats: formatsOf("en") },
};

export function wordsOf(language: Language): Words {
  return all[language];
}
