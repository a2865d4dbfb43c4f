/** The spellings on which the API's page contradicts itself. */
export interface WireFormat {
  /** `acao` of method 1. */
  readonly acaoSimples: string;
  /** `acao` of method 2. */
  readonly acaoV2: string;
  /** The names of the two accented template variables. */
  readonly spelling: "ascii" | "accented" | "both";
  /** Whether a Brazilian number is sent without or with its country code. */
  readonly phoneFormat: "national" | "e164-digits";
}
