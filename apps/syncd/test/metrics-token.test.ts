import { expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

const token = "0123456789abcdef";

test("metrics and details require the token; probes do not", async () => {
  const stage = await Stage.open();
  const syncd = stage.run({ TALKME_METRICS_TOKEN: token });
  await syncd.logged("sending");
  const base = await syncd.http();
  const ask = (path: string, authorization?: string): Promise<Response> =>
    fetch(`${base}${path}`, authorization === undefined ? {} : { headers: { authorization } });

  const refused = [
    undefined,
    "",
    token,
    "Bearer",
    `Bearer ${token}0`,
    `Bearer ${token.slice(1)}`,
    `Basic ${token}`,
  ];
  const details = ["/readyz?verbose", "/healthz?verbose=1", "/readyz?other&verbose"];
  for (const path of ["/metrics", "/metric%73", ...details]) {
    for (const authorization of refused) {
      const response = await ask(path, authorization);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe('Bearer realm="syncd"');
      expect(await response.text()).not.toMatch(/talkme_|circuits/);
    }
  }
  for (const path of details) expect(await (await ask(path, `Bearer ${token}`)).text()).toContain("circuits");
  const given = await ask("/metrics", `Bearer ${token}`);
  expect(given.status).toBe(200);
  expect(await given.text()).toContain("talkme_build_info");
  for (const probe of ["/livez", "/readyz", "/healthz"]) expect((await ask(probe)).status).toBe(200);
  expect(syncd.output + syncd.errors).not.toContain(token);
});

test("when no token is set, anybody who reaches the port may read them", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  for (const path of ["/metrics", "/readyz?verbose"])
    expect((await fetch(`${await syncd.http()}${path}`)).status).not.toBe(401);
});

test("a token that is too short is refused and not echoed", async () => {
  const stage = await Stage.open();
  const syncd = stage.run({ TALKME_METRICS_TOKEN: "hunter2" });
  expect(await syncd.exit()).toBe(78);
  expect(syncd.errors).toContain("TALKME_METRICS_TOKEN is not usable");
  expect(syncd.output + syncd.errors).not.toContain("hunter2");
});
