import { readFileSync } from "node:fs";

import { responseRulesSchema } from "@talkme/core";
import { accountName } from "@talkme/outbox/daemon";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";

import { problemOfFile, wrongFile, wrongSettings } from "../language/findings/settings.ts";
import { Text } from "../language/text.ts";

import { findWindowFault } from "./sending-window.ts";
import { errorCodeOf } from "../error-code.ts";
import { isApiUrl } from "./variables.ts";

const accountNameSchema = z.string().regex(accountName, wrongFile.accountName.in("en"));

const daysSchema = z.number().int().min(0).max(36_500);

const retentionSchema = z
  .strictObject({ blank_after_days: daysSchema.optional(), delete_after_days: daysSchema.optional() })
  .refine(
    ({ blank_after_days, delete_after_days }) => (delete_after_days ?? Infinity) >= (blank_after_days ?? 0),
    wrongFile.deletedFirst.in("en"),
  );

const windowSchema = z.string().superRefine((text, context) => {
  const fault = findWindowFault(text);
  if (fault === null) return;
  const reason = wrongFile.window(fault);
  context.addIssue({ code: "custom", message: reason.in("en"), params: { reason } });
});

const accountSchema = z.strictObject({
  /** As Talk.me shows it. */
  id_cliente: z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String),
  /** The secret itself, or the path of a file that holds it. */
  token: z.string().regex(/^\S+$/, wrongFile.token.in("en")).optional(),
  token_file: z.string().min(1).optional(),
  base_url: z.string().refine(isApiUrl, wrongFile.baseUrl.in("en")).optional(),
  /** `off`: none, whatever TALKME_PROXY_URL says. A secret, or the path of a file that holds it. */
  proxy_url: z.string().optional(),
  proxy_url_file: z.string().min(1).optional(),
  rate_per_second: z.number().min(0).max(100_000).optional(),
});

/** The bounds of `@talkme/core`. */
const acaoSchema = z.string().min(1).max(100, wrongFile.acao.in("en"));

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
      z.string().regex(/^(campaign|channel):[1-9]\d*$/, wrongFile.scope.in("en")),
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
  | { readonly ok: false; readonly problems: readonly Text[] } {
  let content: unknown;
  try {
    // A pretty error would quote the line, which may contain a token.
    content = parse(readFileSync(path, "utf8"), { prettyErrors: false });
  } catch (error) {
    const reason = error instanceof YAMLParseError ? error.message : errorCodeOf(error);
    return { ok: false, problems: [wrongSettings.unreadableYaml(path, String(reason))] };
  }
  const result = configFileSchema.safeParse(content ?? {});
  if (result.success) return { ok: true, file: result.data };
  const portuguese = configFileSchema.safeParse(content ?? {}, { error: z.locales.ptBR().localeError });
  return {
    ok: false,
    problems: result.error.issues.map((issue, nth) => {
      const translated = portuguese.error?.issues[nth] ?? issue;
      return wrongSettings.inFile(
        path,
        issue.path.join("."),
        textOf(innermost(issue), innermost(translated)),
      );
    }),
  };
}

/** The issue of an invalid key is one level deeper. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  return (issue.code === "invalid_key" ? issue.issues[0] : undefined) ?? issue;
}

/** Our own sentence, or else what the library says of the same issue in each language. */
function textOf(issue: z.core.$ZodIssue, translated: z.core.$ZodIssue): Text {
  const reason: unknown = issue.code === "custom" ? issue.params?.["reason"] : null;
  if (reason instanceof Text) return reason;
  return problemOfFile(issue.message, translated.message);
}
