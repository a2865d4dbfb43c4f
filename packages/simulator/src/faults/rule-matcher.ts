import { nationalNumero } from "../api/phone-number.ts";
import type { RequestFacts } from "../api/request-facts.ts";
import { draw } from "./draw.ts";
import type { FaultMatch } from "./fault-rule.ts";

/** One rule's conditions and their counts. Asking counts the request: ask once for each. */
export class RuleMatcher {
  readonly #match: FaultMatch;
  readonly #seed: number;
  readonly #drawKey: string;
  readonly #countsAttempts: boolean;
  #selected = 0;
  #strikes = 0;
  readonly #attempts = new Map<string, number>();

  /** @param position The rule's place in the list, so that two equal rules draw differently. */
  constructor(match: FaultMatch, seed: number, position: number, hasJitter: boolean) {
    this.#match = match;
    this.#seed = seed;
    this.#drawKey = String(position);
    this.#countsAttempts =
      hasJitter || match.probability !== undefined || match.firstPerRecipient !== undefined;
  }

  /**
   * Whether the rule strikes this request.
   *
   * @param ordinal The request's number among all, from 1.
   * @returns A number in [0, 1) for the fault's own use (jitter), or null if it does not strike.
   */
  strike(facts: RequestFacts, ordinal: number): number | null {
    const { every, first, firstPerRecipient, probability } = this.#match;
    if (!this.#selects(facts, ordinal)) return null;
    this.#selected++;
    if (every !== undefined && this.#selected % every !== 0) return null;

    const recipient = facts.numero ?? facts.email ?? "";
    const attempt = this.#countsAttempts ? (this.#attempts.get(recipient) ?? 0) + 1 : 0;
    if (this.#countsAttempts) this.#attempts.set(recipient, attempt);
    if (firstPerRecipient !== undefined && attempt > firstPerRecipient) return null;

    const key = `${this.#drawKey}:${recipient}:${attempt}`;
    if (probability !== undefined && draw(this.#seed, `${key}:strike`) >= probability) return null;
    if (first !== undefined && this.#strikes >= first) return null;
    this.#strikes++;
    return this.#countsAttempts ? draw(this.#seed, `${key}:jitter`) : 0;
  }

  #selects(facts: RequestFacts, ordinal: number): boolean {
    const match = this.#match;
    return (
      isOneOf(match.acao, facts.acao) &&
      isOneOf(match.idCliente, facts.idCliente) &&
      isOneOf(match.numero, facts.numero, nationalNumero) &&
      endsWithOneOf(match.numeroEndsWith, facts.numero) &&
      isOneOf(match.email, facts.email) &&
      isOneOf(match.idCampanha, facts.idCampanha) &&
      isOneOf(match.idWpp, facts.idWpp) &&
      isOneOf(match.nth, ordinal)
    );
  }
}

function isOneOf<T>(
  wanted: T | readonly T[] | undefined,
  actual: T | null,
  canonical: (value: T) => T = (value) => value,
): boolean {
  if (wanted === undefined) return true;
  return asList(wanted).some((value) => canonical(value) === actual);
}

function endsWithOneOf(endings: string | readonly string[] | undefined, actual: string | null): boolean {
  return endings === undefined || asList(endings).some((ending) => actual?.endsWith(ending) === true);
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return isList(value) ? value : [value];
}

/** Array.isArray does not narrow a readonly array. */
function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
