import type { BlockList } from "node:net";

import type { z } from "zod";

import { ConfigurationError } from "../configuration-error.ts";
import { readEnvironment, type Environment } from "./environment.ts";
import { variables, variablesSchema, type Variables } from "./variables.ts";

/** How people log in. */
export type LoginSettings =
  | { readonly kind: "local" }
  /** A proxy has asked who it is, and says so in a header, which counts from `addresses` only. */
  | { readonly kind: "proxy"; readonly addresses: BlockList; readonly header: string };

export interface Settings {
  readonly databaseUrl: string;
  readonly httpHost: string;
  readonly httpPort: number;
  /** Such as `https://console.example.com`; null: the address that it listens on. */
  readonly publicOrigin: string | null;
  readonly login: LoginSettings;
  readonly logLevel: Variables["TALKME_CONSOLE_LOG_LEVEL"];
}

/**
 * Reads and checks the whole configuration.
 *
 * @throws {ConfigurationError} with all problems.
 */
export function readSettings(environment: Environment): Settings {
  const given = readEnvironment(environment, Object.keys(variables));
  const problems = [...given.problems];
  const parsed = variablesSchema.safeParse(given.values);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => describe(issue, given.values)));

  const login = readLogin(given.values["TALKME_CONSOLE_LOGIN"], parsed.data, given.values, problems);
  const publicUrl = parsed.data?.TALKME_CONSOLE_PUBLIC_URL;
  // In a container it listens on all addresses; this says that its port is published to this machine alone.
  const isSecret =
    publicUrl !== undefined && (publicUrl.startsWith("https://") || isLoopback(new URL(publicUrl).hostname));
  if (
    login.kind === "local" &&
    parsed.success &&
    !isSecret &&
    !isLoopback(parsed.data.TALKME_CONSOLE_HTTP_HOST)
  )
    problems.push(
      "TALKME_CONSOLE_HTTP_HOST is not an address of this machine alone: passwords would cross the network readable. " +
        "Put a proxy with TLS before the console, and give its https:// address as TALKME_CONSOLE_PUBLIC_URL. In a container whose " +
        "port is published to 127.0.0.1 alone, that is http://127.0.0.1:9465.",
    );
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(problems);

  const values = parsed.data;
  return {
    databaseUrl: values.TALKME_CONSOLE_DATABASE_URL,
    httpHost: values.TALKME_CONSOLE_HTTP_HOST,
    httpPort: values.TALKME_CONSOLE_HTTP_PORT,
    publicOrigin: values.TALKME_CONSOLE_PUBLIC_URL ?? null,
    login,
    logLevel: values.TALKME_CONSOLE_LOG_LEVEL,
  };
}

/**
 * Reads the one setting that the commands for accounts need.
 *
 * @throws {ConfigurationError}
 */
export function readDatabaseUrl(environment: Environment): string {
  const name = "TALKME_CONSOLE_DATABASE_URL";
  const { values, problems } = readEnvironment(environment, [name]);
  const parsed = variables[name].safeParse(values[name]);
  if (!parsed.success || problems.length > 0) {
    const issues = parsed.error?.issues.map((issue) => describe({ ...issue, path: [name] }, values)) ?? [];
    throw new ConfigurationError([...problems, ...issues]);
  }
  return parsed.data;
}

function readLogin(
  kind: string | undefined,
  values: Variables | undefined,
  given: Readonly<Record<string, string>>,
  problems: string[],
): LoginSettings {
  const name = "TALKME_CONSOLE_PROXY_ADDRESSES";
  if (kind !== "proxy") {
    for (const one of [name, "TALKME_CONSOLE_PROXY_HEADER"])
      if (given[one] !== undefined) problems.push(`${one} has no effect: TALKME_CONSOLE_LOGIN is not proxy.`);
    return { kind: "local" };
  }
  if (given[name] === undefined)
    problems.push(
      `${name} is missing: expected ${variables[name].description}. The header of anybody else is ignored.`,
    );
  const addresses = values?.[name];
  if (addresses === undefined) return { kind: "local" };
  return { kind: "proxy", addresses, header: values?.TALKME_CONSOLE_PROXY_HEADER ?? "" };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || /^\[?::1\]?$/.test(host) || /^127(?:\.\d+){3}$/.test(host);
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): string {
  const name = String(issue.path[0]);
  const expected =
    Object.entries(variables).find(([known]) => known === name)?.[1].description ?? "something else";
  const value = given[name];
  if (value === undefined) return `${name} is missing: expected ${expected}.`;
  return name === "TALKME_CONSOLE_DATABASE_URL"
    ? `${name} is not usable: expected ${expected}.`
    : `${name} is "${value}": expected ${expected}.`;
}
