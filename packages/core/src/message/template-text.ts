import * as z from "zod";

// eslint-disable-next-line no-control-regex -- these are the characters to refuse
const refusedByWhatsapp = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]| {5,}/;

/**
 * A template variable's value. Meta refuses a template whose parameters contain a newline, a tab or more than four spaces
 * in a row, and the API does not report it, so this package refuses them. An empty value counts as absent: the vendor's
 * own example sends `"telefone2": ""`.
 */
export const templateTextSchema = z
  .string({ error: (issue) => (issue.input === undefined ? undefined : "must be a string") })
  .refine((text) => !refusedByWhatsapp.test(text), {
    error: "must not contain line breaks, tabs, other control characters or more than four spaces in a row",
    params: { code: "invalid_text" },
  })
  .refine((text) => text.isWellFormed(), {
    error: "must be well-formed Unicode",
    params: { code: "invalid_text" },
  });
