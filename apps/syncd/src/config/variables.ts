import { parseProxyUrl } from "@talkme/core/sockets";
import { onUnknowns } from "@talkme/outbox";
import { durabilities } from "@talkme/outbox/daemon";
import { z } from "zod";

import { DatabaseUrlError, parseHostList } from "../database/database-url.ts";
import { expected } from "../language/findings/expected.ts";
import { proxyFault } from "../language/findings/settings.ts";
import { Text } from "../language/text.ts";

/** What a variable must be, for people. */
const expectations = z.registry<{ readonly expected: Text }>();

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** A whole number within bounds, with its unit for the error message. */
function wholeNumber(unit: Text, { min, max, default: fallback }: Bounds) {
  return z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)
    .default(fallback)
    .register(expectations, { expected: expected.wholeNumber(min, max, unit) });
}

function decimalNumber(unit: Text, { min, max, default: fallback }: Bounds) {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)
    .default(fallback)
    .register(expectations, { expected: expected.number(min, max, unit) });
}

/**
 * Every environment variable; `docs/configuration.md` explains them. An error message says what was expected.
 */
export const variables = {
  TALKME_DATABASE_URL: z
    .string()
    .superRefine(checkDatabaseUrl)
    .register(expectations, { expected: expected.databaseUrl }),
  TALKME_LISTEN_URL: z
    .string()
    .superRefine((text, context) => {
      if (text !== "off") checkDatabaseUrl(text, context);
    })
    .optional()
    .register(expectations, { expected: expected.listenUrl }),
  TALKME_ID_CLIENTE: z
    .string()
    .regex(/^\d+$/)
    .optional()
    .register(expectations, { expected: expected.idCliente }),
  TALKME_TOKEN: z.string().regex(/^\S+$/).optional().register(expectations, { expected: expected.token }),
  TALKME_CONFIG: z.string().optional().register(expectations, { expected: expected.configFile }),
  TALKME_BASE_URL: z
    .string()
    .refine(isApiUrl)
    .default("https://api.talk.me")
    .register(expectations, { expected: expected.baseUrl }),
  TALKME_PROXY_URL: z
    .string()
    .superRefine((text, context) => {
      const proxy = parseProxyUrl(text);
      if (typeof proxy === "string") refuse(context, proxyFault(proxy));
    })
    .optional()
    .register(expectations, { expected: expected.proxyUrl }),
  TALKME_CONCURRENCY: wholeNumber(expected.units.inFlight, { min: 1, max: 1000, default: 8 }),
  TALKME_RATE_PER_SECOND: decimalNumber(expected.units.perSecond, {
    min: 0,
    max: 100_000,
    default: 20,
  }),
  TALKME_REQUEST_TIMEOUT_MS: wholeNumber(expected.units.milliseconds, {
    min: 100,
    max: 300_000,
    default: 15_000,
  }),
  TALKME_POLL_INTERVAL_MS: wholeNumber(expected.units.milliseconds, { min: 50, max: 60_000, default: 1000 }),
  TALKME_MAX_ATTEMPTS: wholeNumber(expected.units.attempts, { min: 1, max: 1000, default: 10 }),
  TALKME_BACKOFF_BASE_MS: wholeNumber(expected.units.milliseconds, { min: 1, max: 3_600_000, default: 5000 }),
  TALKME_BACKOFF_MAX_MS: wholeNumber(expected.units.milliseconds, {
    min: 1,
    max: 86_400_000,
    default: 3_600_000,
  }),
  TALKME_ON_UNKNOWN: z
    .enum(onUnknowns)
    .default("hold")
    .register(expectations, { expected: expected.oneOf(onUnknowns) }),
  TALKME_CLAIM_DURABILITY: z
    .enum(durabilities)
    .default("local")
    .register(expectations, { expected: expected.oneOf(durabilities) }),
  TALKME_LEASE_SECONDS: wholeNumber(expected.units.seconds, { min: 3, max: 3600, default: 30 }),
  TALKME_DRAIN_TIMEOUT_MS: wholeNumber(expected.units.milliseconds, {
    min: 0,
    max: 600_000,
    default: 25_000,
  }),
  TALKME_HTTP_HOST: z.string().default("127.0.0.1").register(expectations, { expected: expected.httpHost }),
  TALKME_HTTP_PORT: wholeNumber(expected.units.port, { min: 0, max: 65_535, default: 9464 }),
  TALKME_METRICS_TOKEN: z
    .string()
    .regex(/^(?:off|[\w.~+/-]{16,}=*)$/)
    .optional()
    .register(expectations, { expected: expected.metricsToken }),
  TALKME_LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .register(expectations, { expected: expected.logLevel }),
} as const;

type VariableName = keyof typeof variables;
export const variableNames: readonly string[] = Object.keys(variables);

/** What a variable must be, for people. */
export function expectationOf(name: string): Text {
  const variable = Object.entries(variables).find(([known]) => known === name)?.[1];
  const found: unknown = variable && expectations.get(variable)?.expected;
  return found instanceof Text ? found : expected.somethingElse;
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
    refuse(context, error.text);
  }
}

function refuse(context: z.RefinementCtx, reason: Text): void {
  context.addIssue({ code: "custom", message: reason.in("en"), params: { reason } });
}

/** An API address has nothing that a log should not show, or that appending the path would lose. */
export function isApiUrl(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const url = new URL(text);
  const plain = url.username === "" && url.password === "";
  return plain && (url.protocol === "https:" || url.protocol === "http:");
}
