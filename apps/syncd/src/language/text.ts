import type { Language } from "./language.ts";
import { Words } from "./words.ts";

/** A sentence or a word, as it is or made with the language's numbers and times. */
export type Wording = string | ((words: Words) => string);

/**
 * What is said to people, in every language. Made by {@link say} alone, which needs all of them: a text that lacks one does not
 * compile, and a string is no text.
 */
export class Text {
  readonly #wordings: Readonly<Record<Language, Wording>>;

  constructor(wordings: Readonly<Record<Language, Wording>>) {
    this.#wordings = wordings;
  }

  in(language: Language): string {
    const wording = this.#wordings[language];
    return typeof wording === "string" ? wording : wording(new Words(language));
  }

  /** Programs read English. */
  toJSON(): string {
    return this.in("en");
  }
}

/** Says it in both languages. */
export function say(english: Wording, portuguese: Wording): Text {
  return new Text({ en: english, "pt-BR": portuguese });
}

/** Words of somebody else, the same in every language: a server's message, a name, SQL. */
export function quote(words: string): Text {
  return say(words, words);
}
