import * as z from "zod";

import { normalizePhone } from "../phone/normalize-phone.ts";
import type { PhoneNumber } from "../phone/phone-number.ts";
import { infoContatoSchema } from "./info-contato.ts";

const identifier = z.int({ error: "must be a whole number that a double holds exactly" }).positive({
  error: "must be greater than 0",
});

const text = z.string({ error: "must be a string" }).refine((value) => value.isWellFormed(), {
  error: "must be well-formed Unicode",
  params: { code: "invalid_text" },
});

const phone = z.string({ error: "must be a string" }).transform((value, context): PhoneNumber | undefined => {
  if (value.trim() === "") return undefined;
  const result = normalizePhone(value);
  if (result.ok) return result;
  context.addIssue({
    code: "custom",
    message: result.problem.message,
    params: { code: result.problem.code },
  });
  return z.NEVER;
});

// Only what `talkme.address_key` of `@talkme/outbox` can compare.
const address = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;
const email = text
  .transform((value) => (value.trim() === "" ? undefined : value.trim()))
  .refine((value) => value === undefined || (value.length <= 254 && address.test(value)), {
    error:
      "must be one e-mail address in ASCII, without a name; a domain such as exämple.com in its form xn--…",
    params: { code: "invalid_email" },
  });

/**
 * A message, with every check that does not need the API. Parsing changes it: the phone number is parsed, empty texts
 * become absent, template variables get their canonical names. Unknown fields are refused by name.
 */
export const messageSchema = z
  .strictObject({
    /** Recipient's phone number, written in any way that `normalizePhone` understands. */
    numeroDest: phone.optional(),
    /** Recipient's e-mail address, for e-mail campaigns. */
    emailDest: email.optional(),
    /** The running campaign that the contact is added to. */
    idCampanha: identifier.optional(),
    /** The WhatsApp channel to send through. */
    idWpp: identifier.optional(),
    /** Text. The API ignores it on an official channel, where the approved template is sent. */
    txtmsg: text.optional(),
    /** Subject, for e-mail campaigns. */
    assunto: text.optional(),
    /** Template variables. */
    infoContato: infoContatoSchema.optional(),
  })
  .superRefine((message, context) => {
    if (message.numeroDest === undefined && message.emailDest === undefined) {
      context.addIssue({ code: "custom", params: { code: "missing_recipient" } });
    }
    if (message.idCampanha === undefined && message.idWpp === undefined) {
      context.addIssue({ code: "custom", params: { code: "missing_target" } });
    }
  });

/** A message as a caller writes it. */
export type Message = z.input<typeof messageSchema>;

/** A message that passed every check. */
export type ValidMessage = z.output<typeof messageSchema>;
