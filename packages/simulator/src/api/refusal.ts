/** Why a request was refused; statistics and command line show it as `refused:` and this. */
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

/** Thrown while a request is read. The message says what is wrong, without a value of the request. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
