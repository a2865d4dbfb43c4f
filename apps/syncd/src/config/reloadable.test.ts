import { expect, test } from "vitest";

import { describeSettings } from "./describe-settings.ts";
import { fixed, reloadable, reloadInto } from "./reloadable.ts";
import { readSettings } from "./settings.ts";

const given = {
  TALKME_DATABASE_URL: "postgresql://app:senha-secreta@db:5433/app",
  TALKME_ID_CLIENTE: "123",
  TALKME_TOKEN: "SEGREDO",
};

test("a reload applies limits, the level, the token and the request's settings; it names the rest, which waits for a restart", () => {
  const current = readSettings(given);
  const read = readSettings({
    ...given,
    TALKME_TOKEN: "NOVO",
    TALKME_CONCURRENCY: "3",
    TALKME_RATE_PER_SECOND: "7",
    TALKME_LOG_LEVEL: "warn",
    TALKME_REQUEST_TIMEOUT_MS: "900",
    TALKME_LEASE_SECONDS: "60",
    TALKME_DATABASE_URL: "postgresql://app:outra@db/app",
  });

  const { settings, changed, needRestart } = reloadInto(current, read);

  expect(changed).toEqual(["accounts", "concurrency", "log_level", "rates_per_second", "request_timeout_ms"]);
  expect(needRestart).toEqual(["database_url", "listen_url", "lease_seconds"]);
  expect(settings).toMatchObject({
    concurrency: 3,
    logLevel: "warn",
    requestTimeoutMs: 900,
    leaseSeconds: 30,
    databaseUrl: given.TALKME_DATABASE_URL,
    accounts: [{ name: "default", token: "NOVO" }],
  });
  expect(settings.ratesPerSecond.get("account:default")).toBe(7);
  expect(reloadInto(settings, read).changed).toEqual([]);
});

test("every setting is either reloadable or fixed", () => {
  const settings = Object.keys(readSettings(given)).filter((name) => name !== "unrecognised");
  expect([...reloadable, ...fixed].toSorted()).toEqual(settings.toSorted());
});

test("the logged configuration contains no secret", () => {
  const logged = JSON.stringify(describeSettings(readSettings(given)));
  expect(logged).toContain("db:5433/app");
  for (const secret of ["SEGREDO", "senha-secreta", "123"]) expect(logged).not.toContain(secret);
});
