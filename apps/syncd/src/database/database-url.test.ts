import { Client } from "pg";
import { describe, expect, test } from "vitest";

import { databasePlace } from "./database-place.ts";
import { parseHostList } from "./database-url.ts";

test.each([
  "postgresql://user:p%40ss@db:5432/app?sslmode=disable",
  "postgres://db/app",
  "postgresql://[::1]:5433/app",
  "postgresql://user:p@ss@db/app",
])("%s is left to the driver", (url) => {
  expect(parseHostList(url)).toBeNull();
});

test.each([
  ["postgresql://a,b:5433/app", ["a:5432", "b:5433"]],
  ["postgresql://u:p@[::1]:6000,[fe80::1],c/app", ["[::1]:6000", "[fe80::1]:5432", "c:5432"]],
  ["postgresql://%2Fvar%2Frun,b/app", ["/var/run:5432", "b:5432"]],
  ["postgresql:///app?host=a,b,c", ["a:5432", "b:5432", "c:5432"]],
  ["postgresql://u@ignored/app?host=a,b&port=1,2", ["a:1", "b:2"]],
  ["postgresql://u@/app?host=/var/run/postgresql", ["/var/run/postgresql:5432"]],
  ["postgresql://a:1,b:2/app?port=6000,6001", ["a:6000", "b:6001"]],
  ["postgresql:///app?host=a,b&port=6000", ["a:6000", "b:6000"]],
  ["postgresql://a:6000/app?target_session_attrs=primary", ["a:6000"]],
])("the hosts of %s are %j, in this order", (url, places) => {
  const list = parseHostList(url);
  expect(list?.hosts.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`)).toEqual(
    places,
  );
  expect(databasePlace(url)).toBe(`${places.join(",")}/app`);
});

test("the driver gets user, password, database and its own parameters, percent-encoded as they were", () => {
  const url =
    "postgresql://us%2Fer:p%40%20ss@a:1,b:2/a%20pp?sslmode=disable&target_session_attrs=primary&options=-c%20x%3Dy";
  const client = new Client({ connectionString: parseHostList(url)?.driverUrl });
  expect(client).toMatchObject({ user: "us/er", password: "p@ ss", database: "a pp", ssl: false });
  expect(client).toMatchObject({ connectionParameters: { options: "-c x=y" } });
});

describe("what may be chosen", () => {
  test.each([
    ["postgresql://a,b/app", { attributes: "read-write", shuffled: false, hostTimeoutMs: null }],
    ["postgresql://a,b/app?target_session_attrs=any", { attributes: "any" }],
    [
      "postgresql://a,b/app?target_session_attrs=primary&connect_timeout=3",
      { attributes: "primary", hostTimeoutMs: 3000 },
    ],
    ["postgresql://a,b/app?load_balance_hosts=random", { shuffled: true }],
    ["postgresql://a/app?connect_timeout=0", { attributes: "any", hostTimeoutMs: null }],
  ])("%s", (url, expected) => {
    expect(parseHostList(url)).toMatchObject(expected);
  });
});

test.each([
  ["postgresql://u:SEGREDO@a,,b/app", "its host 2 is empty"],
  ["postgresql://u:SEGREDO@a:1:2,b/app", "its host 1 cannot be read"],
  ["postgresql://u:SEGREDO@::1,b/app", "needs [brackets]"],
  ["postgresql://u:SEGREDO@a:0,b/app", "the port of its host 1"],
  ["postgresql://u:SEGREDO@a,b:65536/app", "the port of its host 2"],
  ["postgresql://u:SEGREDO@a%ZZ,b/app", "encodes nothing"],
  ["postgresql://u:SEGREDO@x/app?host=a,b,c&port=1,2", "3 hosts and 2 ports"],
  ["postgresql://u:SEGREDO@a,b/app?target_session_attrs=standby", "syncd has to write"],
  ["postgresql://u:SEGREDO@a,b/app?target_session_attrs=SEGREDO", "none of any"],
  ["postgresql://u:SEGREDO@a,b/app?load_balance_hosts=yes", "neither disable nor random"],
  ["postgresql://u:SEGREDO@a,b/app?connect_timeout=soon", "number of seconds"],
  ["mysql://u:SEGREDO@a/app", "no postgresql:// URL"],
  ["postgresql://u:SEGREDO@a:x/app", "host or port"],
])("%s is refused without a word of its contents: %s", (url, why) => {
  expect(() => parseHostList(url)).toThrow(why);
  expect(() => parseHostList(url)).not.toThrow("SEGREDO");
});
