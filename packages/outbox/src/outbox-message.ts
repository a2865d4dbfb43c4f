import type { Message } from "@talkme/core";
import { z } from "zod";

import { accountName } from "./account-name.ts";
import { onUnknowns, type OnUnknown } from "./status.ts";

/** A message with the outbox's own fields; the columns of `talkme.outbox` in camelCase. */
export interface OutboxMessage extends Message {
  /** The Talk.me account that sends it. @default "default" */
  readonly account?: string;
  /** Smaller goes first within a campaign or channel. @default 0 */
  readonly priority?: number;
  /** Not sent before this time. @default now */
  readonly sendAt?: Date;
  /** Not sent after this time: it becomes `expired`. @default never */
  readonly expiresAt?: Date;
  /** Unique per account. @default none */
  readonly dedupeKey?: string;
  /** @default the daemon's `TALKME_MAX_ATTEMPTS` */
  readonly maxAttempts?: number;
  /** `resend` may message a person twice. @default the daemon's `TALKME_ON_UNKNOWN` */
  readonly onUnknown?: OnUnknown;
  /** Your own data, as JSON; never sent. */
  readonly metadata?: unknown;
  /** The `id` of a row of `talkme.batch` that you created. @default none */
  readonly batchId?: string;
}

const text = (maxLength: number) =>
  z
    .string()
    // As PostgreSQL counts: an emoji is one character, but two of a JavaScript string.
    .refine((value) => value.length <= maxLength || Array.from(value).length <= maxLength, {
      error: `has more than ${maxLength} characters`,
    })
    .refine((value) => !value.includes("\0"), "holds a NUL, which PostgreSQL does not store");

/**
 * What `sql/insert/check-outbox.sql` would refuse and the client's own schema does not check. Checked before the database is
 * asked: an error there would abort the producer's transaction.
 */
export const outboxLimits = z
  .object({
    account: z.string().regex(accountName, "has up to 63 small letters, digits, - and _").optional(),
    priority: z.int().min(-32_768).max(32_767).optional(),
    sendAt: z.date().min(new Date("2000-01-01")).optional(),
    expiresAt: z.date().optional(),
    dedupeKey: text(255).min(1).optional(),
    maxAttempts: z.int().min(1).max(1000).optional(),
    onUnknown: z.enum(onUnknowns).optional(),
    metadata: z
      .unknown()
      .refine(
        (value) => !(JSON.stringify(value) ?? "").includes("\\u0000"),
        "holds a NUL, which PostgreSQL does not store",
      )
      .optional(),
    txtmsg: text(4096).optional(),
    // The client's schema has its rules; this only adds whether a subject goes with the message.
    emailDest: z.string().optional(),
    assunto: text(255)
      .regex(/^[^\n\r]*$/, "has a line break")
      .optional(),
    infoContato: z.record(z.string(), text(1024)).optional(),
    batchId: z
      .string()
      .regex(/^[1-9]\d{0,17}$/, "is not the id of a batch")
      .optional(),
  })
  .refine(({ sendAt, expiresAt }) => expiresAt === undefined || expiresAt > (sendAt ?? new Date()), {
    path: ["expiresAt"],
    error: "is not later than sendAt (by default, now)",
  })
  .refine(
    ({ assunto, emailDest, infoContato }) =>
      assunto === undefined ||
      assunto === "" ||
      (emailDest?.trim() ?? "") !== "" ||
      infoContato !== undefined,
    { path: ["assunto"], error: "needs emailDest or infoContato: only method 2 carries a subject" },
  );
