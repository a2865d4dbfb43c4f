import { describe, expect, it } from "vitest";

import { parseProxyUrl } from "./proxy.ts";

const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

describe("a proxy's URL", () => {
  it.each([
    ["http://proxy:3128", "proxy", 3128, false, "http://proxy:3128", null],
    ["http://proxy/", "proxy", 80, false, "http://proxy:80", null],
    ["https://proxy.example.com", "proxy.example.com", 443, true, "https://proxy.example.com:443", null],
    ["HTTP://[fd00::1]:3128", "fd00::1", 3128, false, "http://[fd00::1]:3128", null],
    ["http://ana:p%40ss%2F%3A@p:1", "p", 1, false, "http://p:1", basic("ana:p@ss/:")],
    ["http://ana:p@ss@p:1", "p", 1, false, "http://p:1", basic("ana:p@ss")],
    ["http://dom%5Cana:s@p:1", "p", 1, false, "http://p:1", basic("dom\\ana:s")],
    ["http://ana@p:1", "p", 1, false, "http://p:1", basic("ana:")],
    ["http://ana:senha%C3%A7@p:1", "p", 1, false, "http://p:1", basic("ana:senhaç")],
  ])("%s is read", (url, host, port, isSecure, place, authorization) => {
    expect(parseProxyUrl(url)).toEqual({ host, port, isSecure, place, authorization });
  });

  it.each([
    ["proxy:3128", "must begin with http:// or https://"],
    ["proxy.example.com", "must be an absolute URL"],
    ["socks5://proxy:1080", "other kinds of proxy are not supported"],
    ["http://ana:geh#eim@proxy:3128", "percent-encode"],
    ["http://ana:geh/eim@proxy:3128", "percent-encode"],
    ["http://ana:geh?eim@proxy:3128", "percent-encode"],
    ["http://ana:geh%eim@proxy:3128", "percent-encode"],
    ["http://ana:geh%0D%0Aeim@proxy:3128", "percent-encode"],
    ["http://geh%3Aeim:geheim@proxy:3128", "a user name with a colon"],
    ["http://proxy:3128/path", "neither path, query nor hash"],
    ["http://:3128", "must be an absolute URL"],
    ["", "must be an absolute URL"],
  ])("%s is refused, without a part of it in the reason", (url, reason) => {
    const said = parseProxyUrl(url);
    expect(said).toContain(reason);
    expect(said).not.toMatch(/geh|eim|ana/);
  });
});
