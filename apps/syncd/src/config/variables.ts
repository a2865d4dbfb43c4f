import { parseProxyUrl } from "@talkme/core/sockets";
import { onUnknowns } from "@talkme/outbox";
import { durabilities } from "@talkme/outbox/daemon";
import { z } from "zod";

import { DatabaseUrlError, parseHostList } from "../database/database-url.ts";

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** A whole number within bounds, with its unit for the error message. */
function wholeNumber(unit: string, { min, max, default: fallback }: Bounds) {
  return z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)
    .default(fallback)
    .describe(`a whole number from ${min} to ${max} (${unit})`);
}

function decimalNumber(unit: string, { min, max, default: fallback }: Bounds) {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)
    .default(fallback)
    .describe(`a number from ${min} to ${max} (${unit})`);
}

/**
 * Every environment variable; `docs/configuration.md` explains them. An error message quotes the description as what
 * was expected.
 */
export const variables = {
  TALKME_DATABASE_URL: z
    .string()
    .superRefine(checkDatabaseUrl)
    .describe("postgresql://user:password@host:5432/database, or several hosts with commas between them"),
  TALKME_LISTEN_URL: z
    .string()
    .superRefine((text, context) => {
      if (text !== "off") checkDatabaseUrl(text, context);
    })
    .optional()
    .describe("a direct postgresql:// connection for LISTEN, or off for polling only"),
  TALKME_ID_CLIENTE: z
    .string()
    .regex(/^\d+$/)
    .optional()
    .describe("the id_cliente of your Talk.me account, a number"),
  TALKME_TOKEN: z
    .string()
    .regex(/^\S+$/)
    .optional()
    .describe("the token of your Talk.me account, without spaces"),
  TALKME_CONFIG: z.string().optional().describe("the path of a YAML file"),
  TALKME_BASE_URL: z
    .string()
    .refine(isApiUrl)
    .default("https://api.talk.me")
    .describe("an http:// or https:// URL without user, query or fragment"),
  TALKME_PROXY_URL: z
    .string()
    .superRefine((text, context) => {
      const proxy = parseProxyUrl(text);
      if (typeof proxy === "string") refuse(context, `it ${proxy}`);
    })
    .optional()
    .describe("the http:// or https:// URL of a proxy, such as http://user:password@proxy:3128"),
  TALKME_CONCURRENCY: wholeNumber("requests in flight", { min: 1, max: 1000, default: 8 }),
  TALKME_RATE_PER_SECOND: decimalNumber("messages a second for each account, 0 = unlimited", {
    min: 0,
    max: 100_000,
    default: 20,
  }),
  TALKME_REQUEST_TIMEOUT_MS: wholeNumber("milliseconds", { min: 100, max: 300_000, default: 15_000 }),
  TALKME_POLL_INTERVAL_MS: wholeNumber("milliseconds", { min: 50, max: 60_000, default: 1000 }),
  TALKME_MAX_ATTEMPTS: wholeNumber("attempts", { min: 1, max: 1000, default: 10 }),
  TALKME_BACKOFF_BASE_MS: wholeNumber("milliseconds", { min: 1, max: 3_600_000, default: 5000 }),
  TALKME_BACKOFF_MAX_MS: wholeNumber("milliseconds", { min: 1, max: 86_400_000, default: 3_600_000 }),
  TALKME_ON_UNKNOWN: z.enum(onUnknowns).default("hold").describe(onUnknowns.join(" or ")),
  TALKME_CLAIM_DURABILITY: z.enum(durabilities).default("local").describe(durabilities.join(" or ")),
  TALKME_LEASE_SECONDS: wholeNumber("seconds", { min: 3, max: 3600, default: 30 }),
  TALKME_DRAIN_TIMEOUT_MS: wholeNumber("milliseconds", { min: 0, max: 600_000, default: 25_000 }),
  TALKME_HTTP_HOST: z.string().default("127.0.0.1").describe("an address to listen on"),
  TALKME_HTTP_PORT: wholeNumber("a TCP port, 0 = any free one", { min: 0, max: 65_535, default: 9464 }),
  TALKME_METRICS_TOKEN: z
    .string()
    .regex(/^(?:off|[\w.~+/-]{16,}=*)$/)
    .optional()
    .describe(
      "at least 16 letters, digits and -._~+/, which Prometheus sends as its bearer token; or off, where the network keeps others out",
    ),
  TALKME_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("trace, debug, info, warn, error, fatal or silent"),
} as const;

type VariableName = keyof typeof variables;
export const variableNames: readonly string[] = Object.keys(variables);

/** What a variable must be, for people. */
export function expectationOf(name: string): string {
  return Object.entries(variables).find(([known]) => known === name)?.[1].description ?? "something else";
}

/** The values of the environment, with defaults filled in. */
export type Variables = z.output<typeof variablesSchema>;

export const variablesSchema = z.object(variables);

/** Settings whose value must not be repeated in an error message. */
export const secretNames: ReadonlySet<string> = new Set<VariableName>([
  "TALKME_DATABASE_URL",
  "TALKME_LISTEN_URL",
  "TALKME_TOKEN",
  "TALKME_METRICS_TOKEN",
  "TALKME_PROXY_URL",
  // A token may be pasted into these by mistake.
  "TALKME_BASE_URL",
  "TALKME_ID_CLIENTE",
]);

/** An issue of this kind has a message of its own, which names nothing secret. */
function checkDatabaseUrl(text: string, context: z.RefinementCtx): void {
  try {
    parseHostList(text);
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    refuse(context, error.message);
  }
}

function refuse(context: z.RefinementCtx, reason: string): void {
  context.addIssue({ code: "custom", message: reason, params: { isReason: true } });
}

/** An API address has nothing that a log should not show, or that appending the path would lose. */
export function isApiUrl(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const url = new URL(text);
  const plain = url.username === "" && url.password === "";
  return plain && (url.protocol === "https:" || url.protocol === "http:");
}
