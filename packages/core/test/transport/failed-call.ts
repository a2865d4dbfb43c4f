import { TalkmeError } from "@talkme/core";
import type { Accepted, Message } from "@talkme/core";

/** A message that passes every check. */
export const message: Message = { numeroDest: "11988887777", idCampanha: 12_345 };

/** The credentials of these tests; the token is one that no other text contains. */
export const account = { idCliente: "123", token: "XJS83HAUQORDIGHA82" };

/** The error of a call that must fail. */
export async function failureOf(call: Promise<Accepted>): Promise<TalkmeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof TalkmeError) return error;
    throw error;
  }
  throw new Error("the call was accepted, but must fail");
}
