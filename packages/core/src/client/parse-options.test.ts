import { Agent } from "undici";
import { describe, expect, it } from "vitest";

import { InvalidOptionsError } from "../errors/invalid-options-error.ts";
import { parseOptions } from "./parse-options.ts";

const account = { idCliente: 123, token: "XJS83HAUQORDIGHA82" };

function issues(change: object): readonly string[] {
  try {
    parseOptions({ ...account, ...change });
    return [];
  } catch (error) {
    if (error instanceof InvalidOptionsError) return error.issues;
    throw error;
  }
}

function wrongEnvironment(): unknown {
  return parseOptions({}, { TALKME_ID_CLIENTE: "1", TALKME_TOKEN: "SECRET\n" });
}

describe("options", () => {
  it("have the defaults that the README lists", () => {
    expect(parseOptions(account)).toEqual({
      idCliente: "123",
      token: "XJS83HAUQORDIGHA82",
      baseUrl: { origin: "https://api.talk.me", path: "/dbdial_webapi.php" },
      timeoutMs: 15_000,
      connectTimeoutMs: 10_000,
      rules: [],
      acaoSimples: "insere_whats_simples",
      acaoV2: "envio_whats_simples_v2",
      spelling: "both",
      phoneFormat: "national",
    });
  });

  it.each([
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080", "/dbdial_webapi.php"],
    ["https://proxy.example/talkme/", "https://proxy.example", "/talkme/dbdial_webapi.php"],
    ["https://proxy.example/a/dbdial_webapi.php", "https://proxy.example", "/a/dbdial_webapi.php"],
    ["https://[::1]:1", "https://[::1]:1", "/dbdial_webapi.php"],
  ])("take %s for a base URL and keep its path", (baseUrl, origin, path) => {
    expect(parseOptions({ ...account, baseUrl }).baseUrl).toEqual({ origin, path });
  });

  it.each([
    "api.talk.me",
    "ftp://api.talk.me",
    "https://user@api.talk.me",
    "https://:secret@api.talk.me",
    "https://api.talk.me?",
    "https://api.talk.me/?token=1",
    "https://api.talk.me/#a",
    "",
  ])("refuse %s for a base URL", (baseUrl) => {
    expect(issues({ baseUrl })).toEqual([expect.stringMatching(/^baseUrl must /)]);
  });

  it.each([
    ["token", ""],
    ["token", "abc\n"],
    ["token", 5],
    ["idCliente", ""],
    ["idCliente", 1.5],
    ["timeoutMs", 0],
    ["timeoutMs", 2 ** 31],
    ["timeoutMs", Number.NaN],
    ["connectTimeoutMs", -1],
    ["maxConnections", 0],
    ["dispatcher", {}],
    ["onRequest", 1],
    ["onResponse", {}],
    ["logger", { debug() {} }],
    ["acaoSimples", ""],
    ["spelling", "utf8"],
    ["phoneFormat", "e164"],
  ])("refuse %s: %j, and name it", (name, value) => {
    expect(issues({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
  });

  it("refuse a wrong rule, and say where it is wrong", () => {
    const rules = [{ name: "r", when: { body: "(" }, outcome: "accepted" }];
    expect(issues({ rules })).toEqual([
      expect.stringMatching(/^rules\.0\.when\.body is not a regular expression/),
    ]);
  });

  it("refuse unknown names, and report all problems at once without showing a value", () => {
    const found = issues({ token: "SECRET\n", timeout: 5, baseUrl: "https://u:SECRET@h" });
    expect(found).toHaveLength(3);
    expect(found.join()).not.toContain("SECRET");
    expect(found.join()).toContain("timeout");
  });

  it("come from TALKME_ID_CLIENTE and TALKME_TOKEN where they are not given, and from nowhere else", () => {
    const environment = { TALKME_ID_CLIENTE: "77", TALKME_TOKEN: "of the environment", TALKME_BASE_URL: "x" };
    expect(parseOptions({}, environment)).toMatchObject({ idCliente: "77", token: "of the environment" });
    expect(parseOptions({}, environment).baseUrl.origin).toBe("https://api.talk.me");
    expect(parseOptions({ idCliente: undefined, token: "given" }, environment)).toMatchObject({
      idCliente: "77",
      token: "given",
    });
    expect(parseOptions(account, environment)).toMatchObject({ idCliente: "123", token: account.token });
  });

  it("that are neither given nor in the environment are refused with the variable's name", () => {
    expect(() => parseOptions({}, {})).toThrow(/idCliente .*TALKME_ID_CLIENTE.*token .*TALKME_TOKEN/);
  });

  it("that are wrong in the environment are refused with the variable's name, and not shown", () => {
    expect(wrongEnvironment).toThrow(
      /token, from TALKME_TOKEN of the environment, must not begin or end with white space/,
    );
    expect(wrongEnvironment).not.toThrow(/SECRET/);
  });

  it("take a dispatcher", () => {
    expect(issues({ dispatcher: new Agent() })).toEqual([]);
  });
});
