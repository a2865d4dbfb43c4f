import type { ResponseRule } from "@talkme/core";
import type { OnUnknown } from "@talkme/outbox";
import { scopeOf, type AccountRules, type Durability } from "@talkme/outbox/daemon";
import type { z } from "zod";

import type { CircuitPolicy } from "../policy/circuit.ts";
import { emptyConfigFile, readConfigFile, type ConfigFile } from "./config-file.ts";
import { readAccountProxy } from "./account-proxy.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { wrongSettings } from "../language/findings/settings.ts";
import { Text } from "../language/text.ts";
import { readEnvironment, readValueFile, type Environment, type GivenSettings } from "./environment.ts";
import { sharedCredentials, type ConfiguredAccount } from "./shared-credentials.ts";
import {
  expectationOf,
  secretNames,
  variableNames,
  variables,
  variablesSchema,
  type Variables,
} from "./variables.ts";

/** A Talk.me account that this daemon sends for. */
export interface AccountSettings {
  readonly name: string;
  readonly idCliente: string;
  readonly token: string;
  readonly baseUrl: string;
  /** Null: none, the API is connected to directly. A secret: it may hold a password. */
  readonly proxyUrl: string | null;
  /** All instances together; 0 is unlimited. */
  readonly ratePerSecond: number;
}

/** The spellings that Talk.me's documents leave open; absent means the client's default. */
interface ApiSettings {
  readonly acaoSimples?: string;
  readonly acaoV2?: string;
  readonly spelling?: "ascii" | "accented" | "both";
  readonly phoneFormat?: "national" | "e164-digits";
  readonly rules: readonly ResponseRule[];
}

/** All settings, validated, with defaults filled in. */
export interface Settings {
  readonly databaseUrl: string;
  /** Null: polling only. */
  readonly listenUrl: string | null;
  readonly accounts: readonly AccountSettings[];
  readonly circuit: CircuitPolicy;
  /** Messages a second, all instances together, by `account:NAME`, `campaign:ID` or `channel:ID`; 0 is unlimited. */
  readonly ratesPerSecond: ReadonlyMap<string, number>;
  /** Rules from the file that the database keeps. */
  readonly accountRules: readonly AccountRules[];
  readonly api: ApiSettings;
  readonly concurrency: number;
  readonly requestTimeoutMs: number;
  readonly pollIntervalMs: number;
  readonly maxAttempts: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
  readonly onUnknown: OnUnknown;
  readonly claimDurability: Durability;
  readonly leaseSeconds: number;
  readonly drainTimeoutMs: number;
  readonly httpHost: string;
  readonly httpPort: number;
  /** Requests for the metrics must carry it; null: none is needed. */
  readonly metricsToken: string | null;
  /** Somebody has decided that none is needed: the network keeps others out. */
  readonly metricsAreOpen: boolean;
  readonly logLevel: Variables["TALKME_LOG_LEVEL"];
  /** `TALKME_` variables that are not settings. */
  readonly unrecognised: readonly string[];
}

/**
 * Reads and checks the whole configuration.
 *
 * @throws {ConfigurationError} with all problems.
 */
export function readSettings(environment: Environment): Settings {
  const given = readEnvironment(environment, variableNames);
  const problems = [...given.problems];

  const parsed = variablesSchema.safeParse(given.values);
  if (!parsed.success) problems.push(...describeAll(issuesBeside(given, parsed.error), given.values));

  if (parsed.data !== undefined && parsed.data.TALKME_BACKOFF_MAX_MS < parsed.data.TALKME_BACKOFF_BASE_MS) {
    problems.push(wrongSettings.backoff);
  }

  let file: ConfigFile | null = given.unread.has("TALKME_CONFIG") ? null : emptyConfigFile;
  const path = given.values["TALKME_CONFIG"];
  if (path !== undefined) {
    const read = readConfigFile(path);
    if (!read.ok) problems.push(...read.problems);
    file = read.ok ? read.file : null;
  }
  // Without the file nobody knows which accounts there are: that one is missing would be a guess.
  if (file === null) throw new ConfigurationError(problems);

  const accounts = readAccounts(parsed.data, file, given, problems);
  const accountRules = readAccountRules(file, accounts, problems);
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(problems);

  const values = parsed.data;
  return {
    databaseUrl: values.TALKME_DATABASE_URL,
    listenUrl:
      values.TALKME_LISTEN_URL === "off" ? null : (values.TALKME_LISTEN_URL ?? values.TALKME_DATABASE_URL),
    accounts,
    circuit: {
      troublesToOpen: file.circuit.run_to_open,
      pauseMs: file.circuit.pause_seconds * 1000,
      longPauseMs: file.circuit.long_pause_seconds * 1000,
    },
    ratesPerSecond: new Map([
      ...accounts.map(({ name, ratePerSecond }): [string, number] => [
        scopeOf("account", name),
        ratePerSecond,
      ]),
      ...Object.entries(file.rate_per_second),
    ]),
    accountRules,
    api: readApi(file),
    concurrency: values.TALKME_CONCURRENCY,
    requestTimeoutMs: values.TALKME_REQUEST_TIMEOUT_MS,
    pollIntervalMs: values.TALKME_POLL_INTERVAL_MS,
    maxAttempts: values.TALKME_MAX_ATTEMPTS,
    backoffBaseMs: values.TALKME_BACKOFF_BASE_MS,
    backoffMaxMs: values.TALKME_BACKOFF_MAX_MS,
    onUnknown: values.TALKME_ON_UNKNOWN,
    claimDurability: values.TALKME_CLAIM_DURABILITY,
    leaseSeconds: values.TALKME_LEASE_SECONDS,
    drainTimeoutMs: values.TALKME_DRAIN_TIMEOUT_MS,
    httpHost: values.TALKME_HTTP_HOST,
    httpPort: values.TALKME_HTTP_PORT,
    metricsToken: values.TALKME_METRICS_TOKEN === "off" ? null : (values.TALKME_METRICS_TOKEN ?? null),
    metricsAreOpen: values.TALKME_METRICS_TOKEN === "off",
    logLevel: values.TALKME_LOG_LEVEL,
    unrecognised: given.unrecognised,
  };
}

/**
 * Reads the configuration for one message outside the outbox; the database is optional.
 *
 * @throws {ConfigurationError} with all problems.
 */
export function readSettingsToSend(environment: Environment): Settings & { readonly hasDatabase: boolean } {
  const names = ["TALKME_DATABASE_URL", "TALKME_DATABASE_URL_FILE"];
  const hasDatabase = names.some((name) => Boolean(environment[name]));
  const given = hasDatabase ? environment : { ...environment, TALKME_DATABASE_URL: "postgresql://left.out/" };
  return { ...readSettings(given), hasDatabase };
}

/**
 * Reads the one setting that `migrate` and `status` need.
 *
 * @throws {ConfigurationError}
 */
export function readDatabaseUrl(environment: Environment): string {
  const name = "TALKME_DATABASE_URL";
  const { values, problems } = readEnvironment(environment, [name]);
  const parsed = variables[name].safeParse(values[name]);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues.map(reasonIn).find((one) => one !== null);
  const expected = expectationOf(name);
  const found =
    values[name] === undefined
      ? wrongSettings.missing(name, expected)
      : wrongSettings.notUsable(name, expected, reason ?? null);
  throw new ConfigurationError(problems.length > 0 ? problems : [found]);
}

/** The account `default` comes from the environment or the file, all others from the file. */
function readAccounts(
  values: Variables | undefined,
  file: ConfigFile,
  given: GivenSettings,
  problems: Text[],
): readonly AccountSettings[] {
  const shared = {
    baseUrl: values?.TALKME_BASE_URL ?? "",
    proxyUrl: values?.TALKME_PROXY_URL ?? null,
    ratePerSecond: values?.TALKME_RATE_PER_SECOND ?? 0,
  };
  const accounts: AccountSettings[] = [];
  const idCliente = given.values["TALKME_ID_CLIENTE"];
  const token = given.values["TALKME_TOKEN"];
  const isMissing = (name: string): boolean => given.values[name] === undefined && !given.unread.has(name);

  if ("default" in file.accounts) {
    if (idCliente !== undefined || token !== undefined) {
      problems.push(wrongSettings.defaultTwice);
    }
  } else {
    if (isMissing("TALKME_ID_CLIENTE")) problems.push(wrongSettings.idClienteMissing);
    if (isMissing("TALKME_TOKEN")) problems.push(wrongSettings.tokenMissing);
    accounts.push({ name: "default", idCliente: idCliente ?? "", token: token ?? "", ...shared });
  }

  for (const [name, account] of Object.entries(file.accounts)) {
    const place = `TALKME_CONFIG: accounts.${name}`;
    if ((account.token === undefined) === (account.token_file === undefined)) {
      problems.push(wrongSettings.eitherOf(place, "token", "token_file"));
      continue;
    }
    const secret = account.token === undefined ? readValueFile(account.token_file ?? "") : null;
    if (secret?.ok === false) problems.push(wrongSettings.at(`${place}.token_file`, secret.problem));
    const proxy = readAccountProxy(place, account, shared.proxyUrl);
    if (!proxy.ok) problems.push(proxy.problem);
    accounts.push({
      name,
      idCliente: account.id_cliente,
      token: account.token ?? (secret?.ok === true ? secret.text : ""),
      baseUrl: account.base_url ?? shared.baseUrl,
      proxyUrl: proxy.ok ? proxy.url : null,
      ratePerSecond: account.rate_per_second ?? shared.ratePerSecond,
    });
  }
  problems.push(
    ...sharedCredentials(accounts.map((account) => ({ ...account, places: placesOf(account, file) }))),
  );
  return accounts;
}

function placesOf({ name }: AccountSettings, file: ConfigFile): ConfiguredAccount["places"] {
  if (!(name in file.accounts)) return { idCliente: "TALKME_ID_CLIENTE", token: "TALKME_TOKEN" };
  const place = `TALKME_CONFIG: accounts.${name}`;
  const token = file.accounts[name]?.token_file === undefined ? "token" : "token_file";
  return { idCliente: `${place}.id_cliente`, token: `${place}.${token}` };
}

function readAccountRules(
  file: ConfigFile,
  accounts: readonly AccountSettings[],
  problems: Text[],
): readonly AccountRules[] {
  const { retention, windows } = file;
  for (const [part, rules] of Object.entries({ retention, windows })) {
    for (const name of Object.keys(rules)) {
      // A misspelt name would keep personal data forever, or send at night.
      if (!(name in file.accounts) && !accounts.some((account) => account.name === name))
        problems.push(wrongSettings.unknownAccount(`TALKME_CONFIG: ${part}.${name}`, name));
    }
  }
  return [...new Set([...Object.keys(retention), ...Object.keys(windows)])].map((account) => ({
    account,
    sendingWindow: windows[account] ?? null,
    blankAfterDays: retention[account]?.blank_after_days ?? null,
    deleteAfterDays: retention[account]?.delete_after_days ?? null,
  }));
}

function readApi(file: ConfigFile): ApiSettings {
  const { acao_simples, acao_v2, spelling, phone_format } = file.api;
  return {
    ...(acao_simples !== undefined && { acaoSimples: acao_simples }),
    ...(acao_v2 !== undefined && { acaoV2: acao_v2 }),
    ...(spelling !== undefined && { spelling }),
    ...(phone_format !== undefined && { phoneFormat: phone_format }),
    rules: file.response_rules,
  };
}

/** The issues of values that were read: the others have their problem already. */
function issuesBeside({ unread }: GivenSettings, { issues }: z.ZodError): readonly z.core.$ZodIssue[] {
  return issues.filter(({ path }) => !unread.has(String(path[0])));
}

/** What a check of ours says: nothing secret. */
function reasonIn(issue: z.core.$ZodIssue): Text | null {
  const reason: unknown = issue.code === "custom" ? issue.params?.["reason"] : null;
  return reason instanceof Text ? reason : null;
}

/** Once each: a value may fail two checks with one description. */
function describeAll(
  issues: readonly z.core.$ZodIssue[],
  given: Readonly<Record<string, string>>,
): readonly Text[] {
  const found = issues.map((issue) => describe(issue, given));
  return [...new Map(found.map((text) => [text.in("en"), text])).values()];
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): Text {
  const name = String(issue.path[0]);
  const expected = expectationOf(name);
  const value = given[name];
  if (value === undefined) return wrongSettings.missing(name, expected);
  return secretNames.has(name)
    ? wrongSettings.notUsable(name, expected, reasonIn(issue))
    : wrongSettings.unlike(name, value, expected);
}
