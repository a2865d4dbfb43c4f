import { expect, test } from "vitest";

import { ConfigurationError } from "../configuration-error.ts";
import { readSettings } from "./settings.ts";

const database = { TALKME_CONSOLE_DATABASE_URL: "postgresql://console@localhost/talkme" };

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readSettings({ ...database, ...environment });
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

test("the database is enough: passwords of its own, on this machine alone", () => {
  expect(readSettings(database)).toMatchObject({
    httpHost: "127.0.0.1",
    httpPort: 9465,
    publicOrigin: null,
    login: { kind: "local" },
  });
});

test("a log-in by proxy needs the addresses of the proxy: a header of anybody would do otherwise", () => {
  expect(problemsOf({ TALKME_CONSOLE_LOGIN: "proxy" })).toEqual([
    expect.stringContaining("TALKME_CONSOLE_PROXY_ADDRESSES is missing"),
  ]);
  for (const addresses of ["10.0.0.1/33", "10.0.0", "proxy.internal", "10.0.0.1,,", "::1/129"])
    expect(
      problemsOf({ TALKME_CONSOLE_LOGIN: "proxy", TALKME_CONSOLE_PROXY_ADDRESSES: addresses }),
    ).toHaveLength(1);
  const proxy = {
    TALKME_CONSOLE_LOGIN: "proxy",
    TALKME_CONSOLE_PROXY_ADDRESSES: "10.0.0.5, 10.1.0.0/24, ::1",
  };
  const { login } = readSettings({ ...database, ...proxy });
  if (login.kind !== "proxy") throw new Error("It is not a log-in by proxy.");
  expect(["10.0.0.5", "10.1.0.200", "10.0.0.6"].map((one) => login.addresses.check(one))).toEqual([
    true,
    true,
    false,
  ]);
  expect(login.addresses.check("::1", "ipv6")).toBe(true);
});

test("a log-in by password listens beyond this machine only behind TLS, or in a container that people reach from this machine alone", () => {
  const onAll = { TALKME_CONSOLE_HTTP_HOST: "0.0.0.0" };
  const problemsAt = (url: string) => problemsOf({ ...onAll, TALKME_CONSOLE_PUBLIC_URL: url });
  for (const url of [
    "https://console.example.com",
    "http://127.0.0.1:9465",
    "http://localhost:9465",
    "http://[::1]:9465",
  ])
    expect([url, problemsAt(url)]).toEqual([url, []]);
  for (const url of ["http://console.example.com", "http://127.example.com", "http://10.0.0.5:9465"])
    expect([url, problemsAt(url)]).toEqual([
      url,
      [expect.stringContaining("passwords would cross the network")],
    ]);
  expect(problemsOf(onAll)).toHaveLength(1);
});

test("settings of a proxy without a log-in by proxy are a mistake, and said so", () => {
  expect(problemsOf({ TALKME_CONSOLE_PROXY_ADDRESSES: "10.0.0.1" })).toEqual([
    expect.stringContaining("TALKME_CONSOLE_LOGIN is not proxy"),
  ]);
});
