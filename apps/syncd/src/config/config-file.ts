import { readFileSync } from "node:fs";

import { responseRulesSchema } from "@talkme/core";
import { accountName } from "@talkme/outbox/daemon";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";

import { findWindowFault } from "./sending-window.ts";
import { errorCodeOf } from "../error-code.ts";
import { isApiUrl } from "./variables.ts";

const accountNameSchema = z.string().regex(accountName, "must be up to 63 small letters, digits, - and _");

const daysSchema = z.number().int().min(0).max(36_500);

const retentionSchema = z
  .strictObject({ blank_after_days: daysSchema.optional(), delete_after_days: daysSchema.optional() })
  .refine(
    ({ blank_after_days, delete_after_days }) => (delete_after_days ?? Infinity) >= (blank_after_days ?? 0),
    "delete_after_days is less than blank_after_days: rows would be deleted before they are blanked",
  );

const windowSchema = z.string().superRefine((text, context) => {
  const fault = findWindowFault(text);
  if (fault === null) return;
  context.addIssue({
    code: "custom",
    message:
      `"${fault}" is no sending window; write weekdays and hours, such as mon-fri 9:00-19:00, sat 9:00-13:00. ` +
      "A window ends on the day on which it begins, at 24:00 at the latest",
  });
});

const accountSchema = z.strictObject({
  /** As the platform shows it. */
  id_cliente: z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String),
  /** The secret itself, or the path of a file that holds it. */
  token: z.string().regex(/^\S+$/, "is empty or has spaces").optional(),
  token_file: z.string().min(1).optional(),
  base_url: z
    .string()
    .refine(isApiUrl, "must be an http:// or https:// URL without user, query or fragment")
    .optional(),
  rate_per_second: z.number().min(0).max(100_000).optional(),
});

/** What the client takes for an action's name. */
const acaoSchema = z.string().min(1).max(100, "must have at most 100 characters");

/** The YAML file of `TALKME_CONFIG`. A key that is not listed here is an error, not ignored. */
const configFileSchema = z.strictObject({
  accounts: z.record(accountNameSchema, accountSchema).default({}),
  api: z
    .strictObject({
      acao_simples: acaoSchema.optional(),
      acao_v2: acaoSchema.optional(),
      spelling: z.enum(["ascii", "accented", "both"]).optional(),
      phone_format: z.enum(["national", "e164-digits"]).optional(),
    })
    .default({}),
  /** When an account's circuit opens, and for how long. */
  circuit: z
    .strictObject({
      run_to_open: z.number().int().min(1).max(1000).default(5),
      pause_seconds: z.number().min(0.1).max(3600).default(15),
      long_pause_seconds: z.number().min(0.1).max(86_400).default(1800),
    })
    .prefault({}),
  /** Messages a second of a campaign or channel, all instances together; 0 is unlimited. */
  rate_per_second: z
    .record(
      z.string().regex(/^(campaign|channel):[1-9]\d*$/, "must be campaign:ID or channel:ID"),
      z.number().min(0).max(100_000),
    )
    .default({}),
  /** How long rows of an account keep personal data, and how long they are kept. */
  retention: z.record(accountNameSchema, retentionSchema).default({}),
  /** When the recipients of an account may be written to, by their own clocks. */
  windows: z.record(accountNameSchema, windowSchema).default({}),
  /** Asked before the rules that come with the client. */
  response_rules: responseRulesSchema.default([]),
});

export type ConfigFile = z.output<typeof configFileSchema>;

export const emptyConfigFile: ConfigFile = configFileSchema.parse({});

/** Reads the file, or says everything that is wrong with it. */
export function readConfigFile(
  path: string,
):
  | { readonly ok: true; readonly file: ConfigFile }
  | { readonly ok: false; readonly problems: readonly string[] } {
  let content: unknown;
  try {
    // Without the pretty form, which quotes the line: it may hold a token.
    content = parse(readFileSync(path, "utf8"), { prettyErrors: false });
  } catch (error) {
    const reason = error instanceof YAMLParseError ? error.message : errorCodeOf(error);
    return { ok: false, problems: [`TALKME_CONFIG: the file ${path} cannot be read: ${reason}`] };
  }
  const result = configFileSchema.safeParse(content ?? {});
  if (result.success) return { ok: true, file: result.data };
  return {
    ok: false,
    problems: result.error.issues.map((issue) => {
      const place = issue.path.length === 0 ? "the file" : issue.path.join(".");
      // What is wrong with a key is told one level deeper.
      const [inner] = issue.code === "invalid_key" ? issue.issues : [];
      return `TALKME_CONFIG (${path}): ${place}: ${(inner ?? issue).message}`;
    }),
  };
}
