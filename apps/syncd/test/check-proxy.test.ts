import { createServer } from "node:net";

import { describe, expect, onTestFinished, test } from "vitest";

import { check, fine, found, reportOf, type Report } from "./support/check.ts";
import { configFile } from "./support/config-file.ts";
import { startSquid, startTinyproxy } from "./support/debian-proxy.ts";
import { startHttpsFront } from "./support/https-front.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";

const subject = "API of account default";

function problemOf(report: Report): string {
  return (
    report.findings.find((one) => one.subject === subject && one.severity === "problem")?.detail ?? "none"
  );
}

describe("syncd check names the proxy and what failed", () => {
  test("and says that the API answers through it", async (context) => {
    const stage = await Stage.open();
    const { port } = new URL(stage.simulator.url);
    const proxy = await startSquid(context, { allowed: [Number(port)] });
    const report = await check({
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_PROXY_URL: proxy.url,
    });
    expect(report.code).toBe(0);
    expect(fine(report, subject)).toEqual([
      `${stage.simulator.url} answers through the proxy ${proxy.url}; nothing was sent.`,
    ]);
  });

  test("nothing listens, a rule forbids the port, the user is refused, the proxy does not reach the API", async (context) => {
    const stage = await Stage.open();
    const environment = environmentFor(stage.databaseUrl, stage.simulator.url);
    const at = (TALKME_PROXY_URL: string): Promise<Report> => check({ ...environment, TALKME_PROXY_URL });

    const absent = await at("http://ana:geheim@127.0.0.1:1");
    expect(absent.code).toBe(1);
    expect(absent.findings).toContainEqual(
      found(
        subject,
        "problem",
        "the proxy http://127.0.0.1:1 cannot be connected to",
        "host, port and scheme",
      ),
    );
    expect(JSON.stringify(absent)).not.toContain("geheim");

    const squid = await startSquid(context, { allowed: [443] });
    expect((await at(squid.url)).findings).toContainEqual(
      found(
        subject,
        "problem",
        `the proxy ${squid.url} was asked for`,
        "allow CONNECT to this host and port",
      ),
    );
    expect(problemOf(await at(squid.url))).toContain("403 Forbidden (ERR_ACCESS_DENIED 0)");

    const allowed = [Number(new URL(stage.simulator.url).port), 1];
    const tinyproxy = await startTinyproxy(context, { allowed, login: { user: "ana", password: "right" } });
    for (const [user, words] of [
      ["ana:geheim@", "401 Unauthorized (to the configured user and password)"],
      ["", "407 Proxy Authentication Required (no user and password are configured)"],
    ]) {
      const refused = await at(tinyproxy.url.replace("//", `//${user}`));
      expect(problemOf(refused)).toContain(words);
      expect(JSON.stringify(refused)).not.toContain("geheim");
    }

    const unreached = await check({
      ...environment,
      TALKME_BASE_URL: "http://127.0.0.1:1",
      TALKME_PROXY_URL: tinyproxy.url.replace("//", "//ana:right@"),
    });
    expect(problemOf(unreached)).toMatch(/was asked for 127\.0\.0\.1:1 and answered 50\d/);
  });

  test("it is no proxy, or one that is silent", async () => {
    const stage = await Stage.open();
    const silent = createServer(() => "It says nothing.").listen(0, "127.0.0.1");
    onTestFinished(() => void silent.close());
    await expect.poll(() => silent.address()).not.toBeNull();
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { port: databasePort } = new URL(stage.databaseUrl);
    const environment = environmentFor(stage.databaseUrl, stage.simulator.url);
    for (const place of [`http://127.0.0.1:${databasePort}`, `http://127.0.0.1:${port}`]) {
      expect((await check({ ...environment, TALKME_PROXY_URL: place })).findings).toContainEqual(
        found(subject, "problem", place, "is an HTTP proxy's"),
      );
    }
  });

  test("it opens TLS with an authority of the company's own, until NODE_EXTRA_CA_CERTS names that", async (context) => {
    const stage = await Stage.open();
    const api = await startHttpsFront(stage.simulator.url);
    const proxy = await startSquid(context, { allowed: [api.port] });
    const environment = { ...environmentFor(stage.databaseUrl, api.url), TALKME_PROXY_URL: proxy.url };
    expect((await check(environment)).findings).toContainEqual(
      found(
        subject,
        "problem",
        `through the proxy ${proxy.url}: DEPTH_ZERO_SELF_SIGNED_CERT`,
        "NODE_EXTRA_CA_CERTS",
      ),
    );
    const trusting = await Syncd.command(["check", "--json"], {
      ...environment,
      NODE_EXTRA_CA_CERTS: api.authority,
    });
    expect(reportOf(trusting)).toMatchObject({ code: 0, ok: true });
  });
});

describe("the environment's own variables of a proxy", () => {
  test("are named as unused where the API answers, and in the remedy where it does not", async () => {
    const stage = await Stage.open();
    const proxy = { HTTPS_PROXY: "http://ana:geheim@127.0.0.1:1", https_proxy: "http://127.0.0.1:1" };
    const direct = await check({ ...environmentFor(stage.databaseUrl, stage.simulator.url), ...proxy });
    expect(direct.code).toBe(0);
    expect(fine(direct, "proxy")).toEqual([
      "HTTPS_PROXY, https_proxy are set and not used: only TALKME_PROXY_URL counts. Connected to directly: the API of default.",
    ]);
    const unreachable = await check({ ...environmentFor(stage.databaseUrl, "http://127.0.0.1:1"), ...proxy });
    expect(unreachable.findings).toContainEqual(
      found(subject, "problem", "ECONNREFUSED", "HTTPS_PROXY is set, and syncd does not use it"),
    );
    expect(JSON.stringify([direct, unreachable])).not.toContain("geheim");
  });

  test("are not mentioned where every account has a proxy; an account can have none", async () => {
    const stage = await Stage.open();
    const environment = {
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      HTTPS_PROXY: "http://127.0.0.1:1",
      TALKME_PROXY_URL: "http://127.0.0.1:1",
    };
    expect(fine(await check(environment), "proxy")).toEqual([]);
    const account = `{ id_cliente: 7, token: other, base_url: "${stage.simulator.url}", proxy_url: off }`;
    const report = await check({
      ...environment,
      TALKME_CONFIG: configFile(`accounts: { inside: ${account} }`),
    });
    expect(fine(report, "proxy")).toEqual([expect.stringContaining("the API of inside")]);
    expect(fine(report, "API of account inside")).toEqual([expect.stringContaining("answers; nothing")]);
  });
});
