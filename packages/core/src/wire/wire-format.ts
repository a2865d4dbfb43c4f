/** How the API is spoken to where its own page contradicts itself. */
export interface WireFormat {
  /** `acao` of method 1. */
  readonly acaoSimples: string;
  /** `acao` of method 2. */
  readonly acaoV2: string;
  /** Which names the two accented template variables have on the wire. */
  readonly spelling: "ascii" | "accented" | "both";
  /** Whether a Brazilian number is sent without or with its country code. */
  readonly phoneFormat: "national" | "e164-digits";
}
