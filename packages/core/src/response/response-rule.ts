import * as z from "zod";

import { errorCodes, isErrorCode } from "../errors/error-codes.ts";
import { regexpSourceSchema } from "./regexp-source.ts";
import { bodyKinds } from "./response-shape.ts";
import { clearAnswers } from "./says.ts";

const oneOrMore = <T extends z.ZodType>(schema: T): z.ZodUnion<[T, z.ZodArray<T>]> =>
  z.union([schema, z.array(schema).min(1)]);

const status = z.union([z.int().min(100).max(999), z.enum(["1xx", "2xx", "3xx", "4xx", "5xx"])]);
const statuses = z.union([status, z.array(status).min(1)], {
  error: "must be a status such as 404, a class such as 4xx, or a list of them",
});

const jsonCondition = z
  .strictObject({
    /** A dotted path, or several of which one suffices. Ignores the case of keys. */
    path: oneOrMore(z.string().min(1)),
    /** The value is one of these. */
    equals: oneOrMore(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    /** The value is a text or number that matches. */
    matches: regexpSourceSchema.optional(),
    /** The value says yes (true) or no (false); no are null, false, 0, "", [], {} and the words for them. */
    truthy: z.boolean().optional(),
  })
  .describe("looked up in the body and in what is wrapped in it");

const condition = z
  .strictObject({
    status: statuses.optional(),
    /** Matched against the Content-Type header. */
    contentType: regexpSourceSchema.optional(),
    /** The body's kind, by its content. */
    kind: oneOrMore(z.enum(bodyKinds)).optional(),
    /**
     * Matched against 2,048 characters of the body's text, without tags, URLs and query strings, white space
     * collapsed.
     */
    body: regexpSourceSchema.optional(),
    json: jsonCondition.optional(),
    /** Every part of the answer is known, and it says yes in this way; see `clearAnswers`. */
    says: z.enum(clearAnswers).optional(),
  })
  .refine((when) => Object.values(when).some((value) => value !== undefined), {
    error: "must have at least one condition",
  });

/**
 * What an answer means, as data for YAML or JSON. A rule applies if all its conditions hold; the first that applies
 * decides.
 */
export const responseRuleSchema = z
  .strictObject({
    /** Identifies the rule in messages. */
    name: z.string().min(1).max(100),
    when: condition,
    outcome: z.enum(["accepted", "rejected", "not_sent", "unknown"]),
    /** Stable code for the error; needed unless the outcome is `accepted`. */
    code: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: "must be lower-case letters, digits and _" })
      .optional(),
    /** Finds the reference in the body's text: the first group, or else the whole match. */
    reference: regexpSourceSchema.optional(),
    /** Finds the reference in JSON: the first of these paths to a text or number. */
    referenceJson: z.array(z.string().min(1)).min(1).optional(),
  })
  .superRefine((rule, context) => {
    if (rule.outcome !== "accepted" && rule.code === undefined) {
      context.addIssue({
        code: "custom",
        path: ["code"],
        message: "is required unless the outcome is accepted",
      });
    }
    if (rule.code !== undefined && isErrorCode(rule.code) && errorCodes[rule.code].outcome !== rule.outcome) {
      context.addIssue({
        code: "custom",
        path: ["code"],
        message: `${rule.code} always has the outcome ${errorCodes[rule.code].outcome}`,
      });
    }
  });

/** A response rule as it is written. */
export type ResponseRule = z.input<typeof responseRuleSchema>;
