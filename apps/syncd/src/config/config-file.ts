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
      `"${fault}" is not a valid sending window; write weekdays and hours, such as mon-fri 9:00-19:00, sat 9:00-13:00. ` +
      "A window ends on the day it begins, by 24:00",
  });
});

const accountSchema = z.strictObject({
  /** As Talk.me shows it. */
  id_cliente: z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String),
  /** The secret itself, or the path of a file that holds it. */
  token: z.string().regex(/^\S+$/, "is empty or contains spaces").optional(),
  token_file: z.string().min(1).optional(),
  base_url: z
    .string()
    .refine(isApiUrl, "must be an http:// or https:// URL without user, query or fragment")
    .optional(),
  /** `off`: none, whatever TALKME_PROXY_URL says. A secret, or the path of a file that holds it. */
  proxy_url: z.string().optional(),
  proxy_url_file: z.string().min(1).optional(),
  rate_per_second: z.number().min(0).max(100_000).optional(),
});

/** The bounds of `@talkme/core`. */
const acaoSchema = z.string().min(1).max(100, "must have at most 100 characters");

/** The YAML file of `TALKME_CONFIG`. An unknown key is an error. */
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
  /** When messages of an account may be sent, in the recipients' local time. */
  windows: z.record(accountNameSchema, windowSchema).default({}),
  /** They come before the client's own rules. */
  response_rules: responseRulesSchema.default([]),
});

export type ConfigFile = z.output<typeof configFileSchema>;

export const emptyConfigFile: ConfigFile = configFileSchema.parse({});

/** Reads the file, or returns all its problems. */
export function readConfigFile(
  path: string,
):
  | { readonly ok: true; readonly file: ConfigFile }
  | { readonly ok: false; readonly problems: readonly string[] } {
  let content: unknown;
  try {
    // A pretty error would quote the line, which may contain a token.
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
      // The issue of an invalid key is one level deeper.
      const [inner] = issue.code === "invalid_key" ? issue.issues : [];
      return `TALKME_CONFIG (${path}): ${place}: ${(inner ?? issue).message}`;
    }),
  };
}
