/** Why a request was refused. `answered` in the statistics and on the command line is `refused:` + this. */
export type RefusalCode =
  | "body-too-large"
  | "conflicting-spellings"
  | "inactive-campaign"
  | "invalid-email"
  | "invalid-number"
  | "invalid-variable"
  | "missing-credentials"
  | "missing-recipient"
  | "missing-target"
  | "missing-variable"
  | "not-json"
  | "token-locked"
  | "unknown-acao"
  | "unknown-campaign"
  | "unknown-field"
  | "unknown-path"
  | "unknown-variable"
  | "wrong-credentials"
  | "wrong-method"
  | "wrong-type";

/** Thrown while a request is being read. The message says what is wrong with it, and holds no value of it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
