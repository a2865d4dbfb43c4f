import * as z from "zod";

import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { responseRulesSchema } from "../response/response-rules.ts";
import { parseProxyUrl } from "../transport/proxy.ts";
import type { Logger, RequestEvent, ResponseEvent } from "./call-events.ts";
import { endpoint } from "./endpoint.ts";
import type { InjectedDispatcher } from "../transport/injected-dispatcher.ts";
import { longestTimeoutMs } from "./time-limit.ts";
import type { TalkmeClientOptions } from "./talkme-client-options.ts";

const milliseconds = z.int().min(1).max(longestTimeoutMs);
const acao = z.string().min(1).max(100);
const accountNumber = z.union([z.string().trim().min(1), z.int()], { error: "must be the account's number" });

const mustBeFunction = { error: "must be a function" };

const optionsSchema = z.strictObject({
  idCliente: accountNumber.transform(String),
  token: z
    .string({ error: "must be a string" })
    .min(1, { error: "must not be empty" })
    .regex(/^\S(?:.*\S)?$|^$/s, {
      error: "must not begin or end with white space, such as a file's last newline",
    })
    .refine((token) => token.isWellFormed(), { error: "must be well-formed Unicode" }),
  baseUrl: z
    .string()
    .default("https://api.talk.me")
    .transform((baseUrl, context) => {
      const result = endpoint(baseUrl);
      if (typeof result !== "string") return result;
      context.addIssue({ code: "custom", message: result });
      return z.NEVER;
    }),
  proxyUrl: z
    .string({ error: "must be a string" })
    .transform((proxyUrl, context) => {
      const proxy = parseProxyUrl(proxyUrl);
      if (typeof proxy !== "string") return proxy;
      context.addIssue({ code: "custom", message: proxy });
      return z.NEVER;
    })
    .optional(),
  timeoutMs: milliseconds.default(15_000),
  connectTimeoutMs: milliseconds.default(10_000),
  maxConnections: z.int().min(1).optional(),
  onSurplusAnswer: z.custom<() => void>(isFunction, mustBeFunction).optional(),
  onRequest: z.custom<(request: RequestEvent) => void>(isFunction, mustBeFunction).optional(),
  onResponse: z.custom<(response: ResponseEvent) => void>(isFunction, mustBeFunction).optional(),
  logger: z.custom<Logger>(isLogger, { error: "must have the methods debug and warn" }).optional(),
  dispatcher: z
    .custom<InjectedDispatcher>(isDispatcher, { error: "must be an undici Dispatcher" })
    .optional(),
  rules: responseRulesSchema.default([]),
  acaoSimples: acao.default("insere_whats_simples"),
  acaoV2: acao.default("envio_whats_simples_v2"),
  spelling: z.enum(["ascii", "accented", "both"]).default("both"),
  phoneFormat: z.enum(["national", "e164-digits"]).default("national"),
});

/** Options that passed every check, with the defaults filled in. */
export type ValidOptions = z.output<typeof optionsSchema>;

/** The variables that are asked where an option is not given. */
const variables = { idCliente: "TALKME_ID_CLIENTE", token: "TALKME_TOKEN" } as const;

/**
 * Checks the options and fills in the defaults.
 *
 * @throws InvalidOptionsError that names every wrong option and contains no value.
 */
export function parseOptions(
  options: TalkmeClientOptions,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ValidOptions {
  const { idCliente = environment[variables.idCliente], token = environment[variables.token] } = options;
  const result = optionsSchema.safeParse({ ...options, idCliente, token });
  if (!result.success) {
    throw new InvalidOptionsError(
      result.error.issues.map(({ path, message }) =>
        `${nameOf(path, options, environment)} ${message}`.trim(),
      ),
    );
  }
  if (result.data.proxyUrl !== undefined && result.data.dispatcher !== undefined)
    throw new InvalidOptionsError(["proxyUrl has no effect beside dispatcher: leave one of them out"]);
  return result.data;
}

/** An option's name, and where its value was looked for if it was not given. */
function nameOf(
  path: readonly PropertyKey[],
  options: TalkmeClientOptions,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const name = path.join(".");
  if ((name !== "idCliente" && name !== "token") || options[name] !== undefined) return name;
  return environment[variables[name]] === undefined
    ? `${name} was not given, nor is ${variables[name]} set in the environment: it`
    : `${name}, from ${variables[name]} of the environment,`;
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isLogger(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "debug" in value && isFunction(value.debug) && "warn" in value && isFunction(value.warn);
}

function isDispatcher(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && "dispatch" in value && typeof value.dispatch === "function"
  );
}
