import type { Text } from "./text.ts";

/** An error that a command shows in the language of whoever runs it; its message, for logs, is English. */
export class SpokenError extends Error {
  readonly text: Text;

  constructor(text: Text, options?: ErrorOptions) {
    super(text.in("en"), options);
    this.text = text;
  }
}
