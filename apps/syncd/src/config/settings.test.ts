import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import { ConfigurationError } from "../configuration-error.ts";
import type { Environment } from "./environment.ts";
import { describeSettings } from "./describe-settings.ts";
import { readDatabaseUrl, readSettings } from "./settings.ts";
import { variableNames } from "./variables.ts";

const least: Environment = {
  TALKME_DATABASE_URL: "postgresql://syncd:secret@db/app",
  TALKME_ID_CLIENTE: "123",
  TALKME_TOKEN: "XJS83HAU",
};

function problemsOf(environment: Environment): readonly string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map((found) => found.in("en"));
    throw error;
  }
  return [];
}

const folder = mkdtempSync(join(tmpdir(), "talkme-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

function fileWith(content: string): string {
  files += 1;
  const path = join(folder, `file-${files}`);
  writeFileSync(path, content);
  return path;
}

test("the database, the id_cliente and the token are enough, and everything else has its documented default", () => {
  expect(readSettings(least)).toEqual({
    databaseUrl: "postgresql://syncd:secret@db/app",
    listenUrl: "postgresql://syncd:secret@db/app",
    accounts: [
      {
        name: "default",
        idCliente: "123",
        token: "XJS83HAU",
        baseUrl: "https://api.talk.me",
        proxyUrl: null,
        ratePerSecond: 20,
      },
    ],
    circuit: { troublesToOpen: 5, pauseMs: 15_000, longPauseMs: 1_800_000 },
    ratesPerSecond: new Map([["account:default", 20]]),
    accountRules: [],
    api: { rules: [] },
    concurrency: 8,
    requestTimeoutMs: 15_000,
    pollIntervalMs: 1000,
    maxAttempts: 10,
    backoffBaseMs: 5000,
    backoffMaxMs: 3_600_000,
    onUnknown: "hold",
    claimDurability: "local",
    leaseSeconds: 30,
    drainTimeoutMs: 25_000,
    httpHost: "127.0.0.1",
    httpPort: 9464,
    metricsToken: null,
    metricsAreOpen: false,
    logLevel: "info",
    unrecognised: [],
  });
});

describe("a proxy", () => {
  const proxy = "http://ana:geheim@proxy:3128";

  test("is the environment's, of a file, or the account's own; off is none", () => {
    const file = fileWith(`accounts:
  direct: { id_cliente: 1, token: a, proxy_url: off }
  own: { id_cliente: 2, token: b, proxy_url: "https://other:8443" }
  filed: { id_cliente: 3, token: c, proxy_url_file: ${fileWith("http://bia:geheim@third:1\n")} }
  shared: { id_cliente: 4, token: d }
`);
    for (const given of [{ TALKME_PROXY_URL: proxy }, { TALKME_PROXY_URL_FILE: fileWith(`${proxy}\n`) }]) {
      const settings = readSettings({ ...least, ...given, TALKME_CONFIG: file });
      expect(settings.accounts.map(({ name, proxyUrl }) => [name, proxyUrl])).toEqual([
        ["default", proxy],
        ["direct", null],
        ["own", "https://other:8443"],
        ["filed", "http://bia:geheim@third:1"],
        ["shared", proxy],
      ]);
      const described = JSON.stringify(describeSettings(settings));
      expect(described).toContain("http://proxy:3128");
      expect(described).not.toMatch(/ana|bia|geheim/);
    }
  });

  test("that is wrong is refused by name and reason, and never shown", () => {
    const file = fileWith(`accounts:
  socks: { id_cliente: 1, token: a, proxy_url: "socks5://ana:geheim@proxy:1" }
  twice: { id_cliente: 2, token: b, proxy_url: "http://ana:geheim@p:1", proxy_url_file: /nowhere }
  filed: { id_cliente: 3, token: c, proxy_url_file: ${fileWith("http://ana:ge#heim@proxy")} }
  gone: { id_cliente: 4, token: d, proxy_url_file: /nowhere }
`);
    const problems = problemsOf({ ...least, TALKME_PROXY_URL: "ana:geheim@proxy", TALKME_CONFIG: file });
    expect(problems).toEqual([
      expect.stringMatching(/^TALKME_PROXY_URL is not usable: expected the http.*; it must begin with http/),
      expect.stringMatching(
        /accounts\.socks\.proxy_url is not usable: it must begin with .* Write off for no proxy\.$/,
      ),
      expect.stringMatching(/accounts\.twice: give either proxy_url or proxy_url_file\.$/),
      expect.stringMatching(/accounts\.filed\.proxy_url_file is not usable: it .*percent-encode/),
      expect.stringMatching(/accounts\.gone\.proxy_url_file: the file \/nowhere cannot be read/),
    ]);
    expect(problems.join("\n")).not.toContain("geheim");
  });
});

describe("a wrong configuration", () => {
  test("is refused with all its problems at once; each names its variable and what is expected", () => {
    const problems = problemsOf({
      TALKME_DATABASE_URL: "mysql://db/app",
      TALKME_CONCURRENCY: "many",
      TALKME_LEASE_SECONDS: "1",
      TALKME_ON_UNKNOWN: "retry",
      TALKME_BASE_URL: "https://user:password@api.talk.me",
    });
    expect(problems.join("\n")).toMatch(/TALKME_DATABASE_URL is not usable: expected postgresql:/);
    expect(problems.join("\n")).toMatch(
      /TALKME_CONCURRENCY is "many": expected a whole number from 1 to 1000/,
    );
    expect(problems.join("\n")).toMatch(/TALKME_LEASE_SECONDS is "1": expected a whole number from 3/);
    expect(problems.join("\n")).toMatch(/TALKME_ON_UNKNOWN is "retry": expected hold or resend/);
    expect(problems.join("\n")).toMatch(/TALKME_BASE_URL/);
    expect(problems.join("\n")).toMatch(/TALKME_ID_CLIENTE is missing/);
    expect(problems.join("\n")).toMatch(/TALKME_TOKEN is missing/);
    expect(problems).toHaveLength(7);
  });

  test.each([
    [
      "a standby's URL",
      { TALKME_DATABASE_URL: "postgresql://a,b/app?target_session_attrs=standby" },
      "read-write",
    ],
    ["a host that is no host", { TALKME_DATABASE_URL: "postgresql://a:5432,b:x/app" }, "port of its host 2"],
    [
      "a name and its file",
      { TALKME_TOKEN_FILE: "/run/token" },
      "TALKME_TOKEN and TALKME_TOKEN_FILE are both set",
    ],
    [
      "a file that is not there",
      { TALKME_TOKEN: "", TALKME_TOKEN_FILE: "/nowhere" },
      "/nowhere cannot be read (ENOENT)",
    ],
    ["an empty file", { TALKME_TOKEN: "", TALKME_TOKEN_FILE: fileWith("\n") }, "is empty"],
    ["backoff upside down", { TALKME_BACKOFF_BASE_MS: "9000", TALKME_BACKOFF_MAX_MS: "10" }, "smaller than"],
    ["no YAML file", { TALKME_CONFIG: "/nowhere.yaml" }, "/nowhere.yaml cannot be read: ENOENT"],
    ["a YAML file that is none", { TALKME_CONFIG: fileWith("a: [") }, "cannot be read"],
    ["an unknown key in it", { TALKME_CONFIG: fileWith("acounts: {}") }, "acounts"],
    [
      "an account without a token",
      { TALKME_CONFIG: fileWith("accounts: {vendas: {id_cliente: 7}}") },
      "token_file",
    ],
    [
      "a rate of neither a campaign nor a channel",
      { TALKME_CONFIG: fileWith("rate_per_second: { 'campanha:7': 5 }") },
      "campaign:ID or channel:ID",
    ],
    ["a run of nothing", { TALKME_CONFIG: fileWith("circuit: { run_to_open: 0 }") }, "circuit.run_to_open"],
    [
      "an invalid response rule",
      { TALKME_CONFIG: fileWith("response_rules: [{when: {body: '('}}]") },
      "response_rules.0",
    ],
    [
      "an action's name that the client refuses",
      { TALKME_CONFIG: fileWith(`api: {acao_v2: ${"x".repeat(101)}}`) },
      "api.acao_v2: must have at most 100 characters",
    ],
    [
      "an account given twice",
      { TALKME_CONFIG: fileWith("accounts: {default: {id_cliente: 7, token: x}}") },
      "keep one",
    ],
    [
      "the id_cliente of the environment again in the file",
      { TALKME_CONFIG: fileWith('accounts: {vendas: {id_cliente: "0123", token: x}}') },
      "TALKME_CONFIG: accounts.vendas.id_cliente is the id_cliente of TALKME_ID_CLIENTE, too",
    ],
    [
      "three accounts with one id_cliente",
      {
        TALKME_CONFIG: fileWith(
          "accounts: {a: {id_cliente: 7, token: x}, b: {id_cliente: 8, token: y}, c: {id_cliente: 7, token: z, base_url: 'https://elsewhere.example'}}",
        ),
      },
      "TALKME_CONFIG: accounts.c.id_cliente is the id_cliente of TALKME_CONFIG: accounts.a.id_cliente, too",
    ],
    [
      "one token under two names",
      { TALKME_CONFIG: fileWith(`accounts: {vendas: {id_cliente: 7, token_file: ${fileWith("XJS83HAU")}}}`) },
      "TALKME_CONFIG: accounts.vendas.token_file is the token of TALKME_TOKEN, too",
    ],
  ])("is refused: %s", (_, environment, says) => {
    expect(problemsOf({ ...least, ...environment }).join("\n")).toContain(says);
  });

  test.each(variableNames)(
    "reports %s that cannot be read once, and nothing that follows from it",
    (name) => {
      const both = problemsOf({ ...least, [name]: "hunter2", [`${name}_FILE`]: fileWith("hunter2") });
      expect(both).toEqual([`${name} and ${name}_FILE are both set: keep one of them.`]);
      const absent = problemsOf({ ...least, [name]: "", [`${name}_FILE`]: "/nowhere" });
      expect(absent).toEqual([`${name}_FILE: the file /nowhere cannot be read (ENOENT).`]);
    },
  );

  test("says nothing of accounts that a wrong file may name, and nothing of rules for an account that is wrong", () => {
    const file = fileWith("a: [");
    expect(problemsOf({ TALKME_DATABASE_URL: "postgresql://db/app", TALKME_CONFIG: file })).toHaveLength(1);
    const vendas = "accounts: {vendas: {id_cliente: 7}}\nwindows: {vendas: 'mon-fri 9:00-19:00'}";
    expect(problemsOf({ ...least, TALKME_CONFIG: fileWith(vendas) })).toEqual([
      "TALKME_CONFIG: accounts.vendas: give either token or token_file.",
    ]);
  });

  test("never repeats a secret", () => {
    const problems = problemsOf({
      TALKME_DATABASE_URL: "postgresql:/syncd:hunter2@db",
      TALKME_TOKEN: "to ken hunter2",
      TALKME_ID_CLIENTE: "1",
    });
    expect(problems).toHaveLength(2);
    expect(problems.join("\n")).not.toContain("hunter2");
  });
});

test("a value may come from a file, without the file's last line break", () => {
  const environment = { ...least, TALKME_TOKEN: undefined, TALKME_TOKEN_FILE: fileWith("XJS83HAU\n") };
  expect(readSettings(environment).accounts[0]?.token).toBe("XJS83HAU");
});

test("the YAML file adds accounts, names of the API and response rules", () => {
  const path = fileWith(`
accounts:
  vendas:
    id_cliente: 77
    token_file: ${fileWith("SEGREDO")}
    rate_per_second: 5
api:
  acao_v2: envio_simples_whats_v2
  spelling: ascii
  phone_format: e164-digits
circuit: { run_to_open: 3, pause_seconds: 1.5 }
rate_per_second:
  campaign:123456: 5
  channel:9: 0.5
response_rules:
  - name: queued
    when: { status: 200, body: "^fila" }
    outcome: accepted
`);
  const settings = readSettings({ ...least, TALKME_CONFIG: path });
  expect(settings.circuit).toEqual({ troublesToOpen: 3, pauseMs: 1500, longPauseMs: 1_800_000 });
  expect(settings.ratesPerSecond).toEqual(
    new Map([
      ["account:default", 20],
      ["account:vendas", 5],
      ["campaign:123456", 5],
      ["channel:9", 0.5],
    ]),
  );
  expect(settings.accounts).toMatchObject([
    { name: "default", ratePerSecond: 20 },
    { name: "vendas", idCliente: "77", token: "SEGREDO", baseUrl: "https://api.talk.me", ratePerSecond: 5 },
  ]);
  expect(settings.api).toMatchObject({
    acaoV2: "envio_simples_whats_v2",
    spelling: "ascii",
    phoneFormat: "e164-digits",
  });
  expect(settings.api.rules).toHaveLength(1);
});

test("notifications can be switched off, or use a connection of their own", () => {
  expect(readSettings({ ...least, TALKME_LISTEN_URL: "off" }).listenUrl).toBeNull();
  const direct = "postgresql://direct/app";
  expect(readSettings({ ...least, TALKME_LISTEN_URL: direct }).listenUrl).toBe(direct);
});

test("an unknown TALKME_ variable is reported", () => {
  expect(readSettings({ ...least, TALKME_CONCURENCY: "9" }).unrecognised).toEqual(["TALKME_CONCURENCY"]);
});

test("migrate and status need only the database's URL", () => {
  expect(readDatabaseUrl({ TALKME_DATABASE_URL: "postgresql://db/app" })).toBe("postgresql://db/app");
  expect(() => readDatabaseUrl({})).toThrow("TALKME_DATABASE_URL is missing");
});

function variablesIn(text: string): readonly string[] {
  return text.match(/TALKME_\w+/g) ?? [];
}

test("every problem is said in Portuguese as well, with the same names and nothing left in English", () => {
  const secrets = Object.fromEntries(
    ["DATABASE_URL", "LISTEN_URL", "TOKEN", "METRICS_TOKEN", "BASE_URL", "ID_CLIENTE"].map((name) => [
      `TALKME_${name}`,
      "? ?",
    ]),
  );
  const numbers = variableNames.filter((name) => /_MS|ATTEMPTS|CONCURRENCY|RATE|SECONDS|PORT/.test(name));
  const withLeast = (given: Environment): Environment => Object.assign({}, least, given);
  const yaml = (content: string): Environment => withLeast({ TALKME_CONFIG: fileWith(content) });
  const hosts = ["ftp://a/b", "postgresql://h:99999999/b", "postgresql://::1,a/b", "postgresql://a,b:0/c"];
  const parameters = [
    "host=a,b&port=1,2,3",
    "host=a,,b",
    "target_session_attrs=standby,",
    "connect_timeout=x",
  ];
  const wrong: readonly Environment[] = [
    {},
    secrets,
    { ...least, ...Object.fromEntries(numbers.map((name) => [name, "many"])), TALKME_ON_UNKNOWN: "?" },
    { ...least, TALKME_TOKEN_FILE: "/there" },
    { ...least, TALKME_TOKEN: "", TALKME_TOKEN_FILE: "/nowhere" },
    { ...least, TALKME_TOKEN: "", TALKME_TOKEN_FILE: fileWith("") },
    { ...least, TALKME_BACKOFF_BASE_MS: "20", TALKME_BACKOFF_MAX_MS: "10", TALKME_LOG_LEVEL: "?" },
    ...["nowhere", "socks5://a", "http://a/b", "http://%ff@a", "http://a%3ab@c"].map((url) =>
      withLeast({ TALKME_PROXY_URL: url }),
    ),
    ...[...hosts, ...parameters.map((text) => `postgresql:///b?${text}`)].map((url) =>
      withLeast({ TALKME_DATABASE_URL: url }),
    ),
    yaml("accounts: {default: {id_cliente: 1, token: a}, B: {id_cliente: 123, token: a}}"),
    yaml("accounts: {a: {id_cliente: 123, token: 'a b'}, b: {id_cliente: many}}"),
    yaml("accounts: {a: {id_cliente: 123, token: XJS83HAU}, b: {id_cliente: 4}}"),
    yaml("accounts: {b: {id_cliente: 4, token: XJS83HAU, proxy_url: a, proxy_url_file: b}}"),
    yaml("accounts: {b: {id_cliente: 4, token: x, proxy_url: 'http://a/b'}}"),
    yaml("windows: {default: never, nobody: mon 9-10}\nretention: {default: {blank_after_days: many}}"),
    yaml("retention: {default: {blank_after_days: 3, delete_after_days: 2}}\nrate_per_second: {x: 1}"),
    yaml("unheard: 1"),
  ];
  const texts = wrong.flatMap((environment) => {
    try {
      readSettings(environment);
      return [];
    } catch (error) {
      return error instanceof ConfigurationError ? error.problems : [];
    }
  });
  expect(texts.length).toBeGreaterThan(45);
  const english = /\b(?:is|are|the|must|expected|its?|with|nor|than|of|number|text|invalid|unrecognized)\b/i;
  expect(texts.map((text) => text.in("pt-BR")).filter((text) => english.test(text))).toEqual([]);
  expect(texts.map((text) => variablesIn(text.in("pt-BR")))).toEqual(
    texts.map((text) => variablesIn(text.in("en"))),
  );
});
