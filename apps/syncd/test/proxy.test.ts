import { defaultToken } from "@talkme/simulator";
import { describe, expect, test, type TestContext } from "vitest";

import { startSquid, startTinyproxy, type DebianProxy } from "./support/debian-proxy.ts";
import { startHttpsFront } from "./support/https-front.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

const login = { user: "ana", password: "QORDIGHA82XJS" };
const shownPassword = [login.password, Buffer.from(`${login.user}:${login.password}`).toString("base64")];

const withLogin = (url: string, { user, password } = login): string =>
  url.replace("//", `//${user}:${password}@`);

type Start = (context: Pick<TestContext, "skip">, allowed: readonly number[]) => Promise<DebianProxy>;

const proxies: readonly (readonly [string, Start])[] = [
  ["tinyproxy", (context, allowed) => startTinyproxy(context, { allowed })],
  ["squid", (context, allowed) => startSquid(context, { allowed })],
];

describe.each(proxies)("through %s", (_name, start) => {
  test("messages go over TLS in its tunnels, each once, whatever becomes of the proxy", async (context) => {
    const stage = await Stage.open();
    const api = await startHttpsFront(stage.simulator.url);
    const proxy = await start(context, [api.port]);
    const syncd = Syncd.run(stage.databaseUrl, api.url, {
      NODE_EXTRA_CA_CERTS: api.authority,
      TALKME_PROXY_URL: proxy.url,
      // Of no effect: the API is in none of them.
      HTTPS_PROXY: "http://127.0.0.1:1",
      NO_PROXY: "localhost",
      NODE_USE_ENV_PROXY: "1",
      TALKME_MAX_ATTEMPTS: "1000",
      TALKME_CONCURRENCY: "2",
    });
    await stage.insertMany(1, 20);
    await expect.poll(() => stage.count("status = 'sent'")).toBe(20);

    await proxy.stop();
    await expect.poll(() => stage.count("status in ('sending')")).toBe(0);
    const id = await stage.insert("11988887777");
    await expect.poll(async () => (await stage.row(id))["error_code"]).toBe("proxy_unreachable");
    await proxy.start();
    await stage.sql("select talkme.resume('account:default')");
    await stage.reaches(id, "sent");

    expect(await stage.count("status = 'sent'")).toBe(21);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
    expect(syncd.output).toContain(`"proxy":"${proxy.url}"`);
  });
});

test("a proxy's user and password open the tunnel, and appear nowhere", async (context) => {
  const stage = await Stage.open();
  const api = await startHttpsFront(stage.simulator.url);
  const proxy = await startTinyproxy(context, { allowed: [api.port], login });
  const settings = { NODE_EXTRA_CA_CERTS: api.authority, TALKME_PROXY_URL: withLogin(proxy.url) };
  const syncd = Syncd.run(stage.databaseUrl, api.url, { ...settings, TALKME_LOG_LEVEL: "trace" });
  await stage.reaches(await stage.insert("11988887777"), "sent");
  await proxy.stop();
  const id = await stage.insert("11988887777");
  await expect.poll(async () => (await stage.row(id))["error_code"]).toBe("proxy_unreachable");

  const http = await syncd.http();
  const shown = [
    syncd.output,
    syncd.errors,
    await (await fetch(`${http}/metrics`)).text(),
    await (await fetch(`${http}/readyz?verbose`)).text(),
    JSON.stringify(await stage.sql("select * from talkme.outbox")),
    JSON.stringify(await stage.sql("select * from talkme.attempt")),
  ];
  const checked = await Syncd.command(["check"], {
    ...settings,
    TALKME_DATABASE_URL: stage.databaseUrl,
    TALKME_ID_CLIENTE: "1",
    TALKME_TOKEN: defaultToken,
    TALKME_BASE_URL: api.url,
  });
  for (const text of [...shown, checked.out, checked.err])
    for (const secret of shownPassword) expect(text).not.toContain(secret);
  expect(checked.out).toContain(`the proxy ${proxy.url} cannot be connected to`);
});

test("a wrong password is tried once, its row waits without losing an attempt, and an instance with the right one goes on", async (context) => {
  const stage = await Stage.open();
  const api = await startHttpsFront(stage.simulator.url);
  const proxy = await startTinyproxy(context, { allowed: [api.port], login });
  const settings = { NODE_EXTRA_CA_CERTS: api.authority, TALKME_CONCURRENCY: "4" };
  await stage.insertMany(1, 20);
  const wrong = Syncd.run(stage.databaseUrl, api.url, {
    ...settings,
    TALKME_PROXY_URL: withLogin(proxy.url, { ...login, password: "wrong" }),
  });
  expect(await wrong.logged("circuit opened: the account's rows wait")).toMatchObject({
    kind: "authentication",
    reason: expect.stringContaining("or the proxy its user and password"),
  });
  await expect.poll(() => stage.count("status = 'pending' and attempts = 0")).toBe(20);
  expect(await stage.count("error_code = 'proxy_authentication_failed'")).toBe(1);
  expect(await stage.sql("select count(*)::integer from talkme.attempt")).toEqual([{ count: 1 }]);

  Syncd.run(stage.databaseUrl, api.url, { ...settings, TALKME_PROXY_URL: withLogin(proxy.url) });
  await expect.poll(() => stage.count("status = 'sent'")).toBe(20);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
});
