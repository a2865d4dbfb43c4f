import type { Language } from "../language/language.ts";

/** How a report is shown. */
export interface View {
  readonly language: Language;
  /** The width to fit into. */
  readonly columns: number;
  readonly now: Date;
}
