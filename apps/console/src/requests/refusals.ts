/** Nobody has logged in, or the session has ended. */
export class NotLoggedIn extends Error {
  override readonly name = "NotLoggedIn";
}

/** The person is known, but has no role of the product, or none that the console may act as. */
export class NoAccess extends Error {
  override readonly name = "NoAccess";
  readonly person: string;

  constructor(person: string) {
    super("no access");
    this.person = person;
  }
}

/** An address or a form has something that the page cannot use. */
export class BadInput extends Error {
  override readonly name = "BadInput";
  /** The names of the fields. */
  readonly fields: readonly string[];

  constructor(fields: readonly string[]) {
    super(`bad input: ${fields.join(", ")}`);
    this.fields = fields;
  }
}
