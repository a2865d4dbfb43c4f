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
    /** Dotted path, or several of which one is enough. Keys are compared without regard to case. */
    path: oneOrMore(z.string().min(1)),
    /** The value is one of these. */
    equals: oneOrMore(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    /** The value, if a text or number, matches. */
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
    /** What the body is, by its content. */
    kind: oneOrMore(z.enum(bodyKinds)).optional(),
    /**
     * Matched against the body's text: no tags, URLs or query strings, white space collapsed, 2,048
     * characters.
     */
    body: regexpSourceSchema.optional(),
    json: jsonCondition.optional(),
    /** Every part of the answer is known, and it says yes in this way: see `clearAnswers`. */
    says: z.enum(clearAnswers).optional(),
  })
  .refine((when) => Object.values(when).some((value) => value !== undefined), {
    error: "must have at least one condition",
  });

/**
 * What an answer means, as data. A rule applies when all of its conditions hold; the first rule that applies
 * decides. It can be written in YAML or JSON.
 */
export const responseRuleSchema = z
  .strictObject({
    /** Tells the rule in messages. */
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
    /** Finds the reference in JSON: the first of these paths that holds a text or a number. */
    referenceJson: z.array(z.string().min(1)).min(1).optional(),
  })
  .superRefine((rule, context) => {
    if (rule.outcome !== "accepted" && rule.code === undefined) {
      context.addIssue({
        code: "custom",
        path: ["code"],
        message: "is needed unless the outcome is accepted",
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

/** A response rule, as it is written. */
export type ResponseRule = z.input<typeof responseRuleSchema>;
