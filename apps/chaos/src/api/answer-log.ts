import type { AnsweredRequest } from "@talkme/simulator";

import type { Meaning } from "./meaning.ts";
import { meaningOf } from "./api-rules.ts";

/** An answer that the API gave or withheld. */
export interface GivenAnswer {
  readonly answered: string;
  readonly meaning: Meaning;
}

/** The API's answers to each number's requests, in order. */
export class AnswerLog {
  readonly #byNumero = new Map<string, GivenAnswer[]>();
  readonly #meanings = new Map<string, Meaning>();
  #unattributed = 0;

  note({ numero, answered }: Pick<AnsweredRequest, "numero" | "answered">): void {
    if (numero === null) {
      this.#unattributed += 1;
      return;
    }
    const answer = { answered, meaning: this.#meaning(answered) };
    const earlier = this.#byNumero.get(numero);
    if (earlier === undefined) this.#byNumero.set(numero, [answer]);
    else earlier.push(answer);
  }

  of(numero: string): readonly GivenAnswer[] {
    return this.#byNumero.get(numero) ?? [];
  }

  /** Requests of unknown number: their connection was dropped before the body was read. */
  get unattributed(): number {
    return this.#unattributed;
  }

  /** How many answers left open whether the message was sent. */
  get ambiguous(): number {
    let count = this.#unattributed;
    for (const answers of this.#byNumero.values()) {
      count += answers.filter(({ meaning }) => meaning === "ambiguous").length;
    }
    return count;
  }

  #meaning(answered: string): Meaning {
    let meaning = this.#meanings.get(answered);
    if (meaning === undefined) {
      meaning = meaningOf(answered);
      this.#meanings.set(answered, meaning);
    }
    return meaning;
  }
}
