import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { readSettings } from "./settings.ts";
import { variableNames, variablesSchema } from "./variables.ts";

const page = readFileSync(new URL("../../../../docs/configuration.md", import.meta.url), "utf8");
const least = {
  TALKME_DATABASE_URL: "postgresql://db/app",
  TALKME_ID_CLIENTE: "123",
  TALKME_TOKEN: "secret",
};

/** The page's table of variables: name, and the second column. */
const documented = new Map(
  [...page.matchAll(/^\| `(TALKME_[A-Z_]+)` +\| ([^|]+?) +\|/gm)].map(([, name = "", second = ""]) => [
    name,
    second,
  ]),
);

test("every variable is documented, and no other", () => {
  expect([...documented.keys()].toSorted()).toEqual(variableNames.toSorted());
});

test("every default is the documented one", () => {
  const defaults = Object.entries(variablesSchema.parse(least)).filter(([name]) => !(name in least));
  expect(defaults.length).toBeGreaterThan(10);
  expect(defaults.map(([name]) => [name, documented.get(name)])).toEqual(
    defaults.map(([name, value]) => [name, `\`${value}\``]),
  );
});

test("the YAML example is accepted, and says what its comments say", () => {
  const folder = mkdtempSync(join(tmpdir(), "talkme-documentation-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const token = join(folder, "token");
  writeFileSync(token, "SEGREDO\n");
  const example = /^```yaml\n(.*?)^```$/ms.exec(page)?.[1] ?? "";
  const path = join(folder, "talkme.yaml");
  writeFileSync(path, example.replace("/run/secrets/talkme_token_vendas", token));

  const settings = readSettings({ ...least, TALKME_CONFIG: path });

  expect(settings.accounts).toMatchObject([
    { name: "default", idCliente: "123", ratePerSecond: 20 },
    { name: "vendas", idCliente: "456", token: "SEGREDO", ratePerSecond: 20 },
    {
      name: "cobranca",
      idCliente: "789",
      baseUrl: "https://api.talk.me",
      proxyUrl: null,
      ratePerSecond: 5,
    },
  ]);
  expect(settings.api).toMatchObject({
    acaoSimples: "insere_whats_simples",
    acaoV2: "envio_whats_simples_v2",
    spelling: "both",
    phoneFormat: "national",
  });
  expect(settings.api.rules?.map(({ name }) => name)).toEqual([
    "queued",
    "wrong token in a 200",
    "no balance",
  ]);
});
