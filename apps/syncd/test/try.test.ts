import { defaultIdCliente, defaultToken, startSimulator, type Simulator } from "@talkme/simulator";
import { onTestFinished, expect, test } from "vitest";
import { stringify } from "yaml";

import { runCli } from "../src/cli.ts";
import { configFile } from "./support/config-file.ts";
import { runHere } from "./support/run-here.ts";
import { startScriptedApi, type ScriptedAnswer } from "./support/scripted-api.ts";
import { Stage } from "./support/stage.ts";
import { Syncd, type Finished } from "./support/syncd.ts";

const to = ["--to", "11988887777", "--campaign", "1"];

function account(baseUrl: string): Record<string, string> {
  return { TALKME_ID_CLIENTE: defaultIdCliente, TALKME_TOKEN: defaultToken, TALKME_BASE_URL: baseUrl };
}

async function simulator(): Promise<Simulator> {
  const started = await startSimulator();
  onTestFinished(() => started.close());
  return started;
}

/** Runs `syncd try` in this process: its output does not depend on a separate one. */
async function tryOnce(
  api: { readonly url: string },
  args: readonly string[] = to,
  more: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return runHere(["try", "--yes", ...args], { ...account(api.url), ...more });
}

async function apiThatSays(answer: ScriptedAnswer): Promise<Awaited<ReturnType<typeof startScriptedApi>>> {
  return startScriptedApi({}, answer);
}

test("sends one message by each method, without a database, and names the rule that recognized success", async () => {
  const api = await simulator();

  const simple = await Syncd.command(["try", "--yes", ...to], account(api.url));
  expect(simple).toMatchObject({ code: 0 });
  expect(simple.err).toContain("one real message");
  expect(simple.err).toContain("TALKME_DATABASE_URL is not set");
  expect(simple.out).toContain('accepted: a row would be sent.\nDecided by the rule "protocol".');
  expect(simple.out).toContain("Reference: 100000000001");

  const variables = ["--variable", "nome=Fulano de tal", "--variable", "geral1=a=b"];
  const json = await tryOnce(api, ["--json", ...to, ...variables]);
  expect(JSON.parse(json.out)).toMatchObject({
    outcome: "accepted",
    rule: "protocol",
    answer: { http_status: 200 },
  });
  expect(api.ledger.size).toBe(2);
  expect(simple.out + simple.err + json.out + json.err).not.toContain(defaultToken);
});

test.each([
  ["with numbers", "Recebido: contato 11988887777 em 5551234567"],
  // It would reverse the text, begin a line, and begin a comment in YAML.
  ["that a terminal would obey", "Recebido: \u202Eobidecer\u2028 # talvez"],
])(
  "proposes rules for an unknown answer %s, and either makes it known once in TALKME_CONFIG",
  async (_, body) => {
    const api = await apiThatSays({ body, headers: { "x-internal": "no", "retry-after": "7" } });

    const first = await tryOnce(api);
    expect(first).toMatchObject({ code: 1 });
    expect(first.out).toContain(`HTTP 200\ncontent-type: text/html\n`);
    expect(first.out).toContain("retry-after: 7");
    expect(first.out).not.toContain("x-internal");
    expect(first.out).toContain(`\n${body.replaceAll(/[\u202E\u2028]/g, "\uFFFD")}\n`);
    expect(first.out).not.toMatch(/[\u202E\u2028]/);
    expect(first.out).toContain(
      "unknown: it may have been sent; a row would wait for a person.\nNo rule matches this answer.",
    );

    const [, success = "", refusal = ""] = first.out.split(/^# If it was .*:$/m);
    for (const [yaml, code, words] of [
      [success, 0, 'Decided by the rule "learned: this is a success".'],
      [refusal, 1, 'Decided by the rule "learned: this is a refusal".'],
    ] as const) {
      const again = await tryOnce(api, to, { TALKME_CONFIG: configFile(yaml) });
      expect(again).toMatchObject({ code, out: expect.stringContaining(words) });
    }
  },
);

test.each([
  ['{"status":"fila","id":"x","mensagem":"Na fila: 5551234567"}', {}],
  ["", {}],
  ["<html><body>Bloqueado <b>pelo</b> firewall</body></html>", {}],
  ['{"status":"ok",', {}],
  ["a\u0000b", {}],
  ["ouch?\nNão: é 'isso' \"aqui\" # {x} [y] \\ *", {}],
  ["y".repeat(70_000), {}],
] as const)("shows %j without a defect, and exits with 1", async (body, headers) => {
  const api = await apiThatSays({ body, headers });
  const { code, out, err } = await tryOnce(api);
  expect({ code, defect: err.includes("syncd:") }).toEqual({ code: 1, defect: false });
  expect(out).toContain("unknown: it may have been sent");
});

test("shows the token in no form, although the API echoes it everywhere", async () => {
  const token = "s3gr3do+/&%é";
  const encoded = encodeURIComponent(token);
  const body = `Recebido: ?acao=x&token=${encoded} chave ${token} ${JSON.stringify(token)} ${encoded.toLowerCase()}`;
  const api = await apiThatSays({ body, headers: { location: `/?token=${encoded}` } });
  const { out, err } = await tryOnce(api, to, { TALKME_TOKEN: token });
  for (const form of [token, encoded, encoded.toLowerCase(), "s3gr3do"])
    expect(out + err).not.toContain(form);
  expect(out).toContain("[redacted]");
});

test.each([
  [[], "Give --to NUMBER"],
  [["--to", "", "--campaign", "1"], "Give --to NUMBER"],
  [["--to", "11988887777"], "Give --campaign ID"],
  [["--to", "20988887777", "--campaign", "1"], "--to: "],
  [[...to, "--variable", "geral9=x"], "--variable: infoContato has no field"],
  [[...to, "--variable", "toString=x"], "--variable: infoContato has no field"],
  [[...to, "--variable", "__proto__=x"], "--variable: infoContato has no field"],
  [[...to, "--variable", "nome"], "write name=value"],
  [[...to, "--variable", "nome=a", "--variable", "nome=b"], "--variable nome: was given twice"],
  [[...to, "--variable", "nome=a\nb"], "--variable nome: "],
  [[...to, "--subject", "x"], "--subject: only for e-mail"],
  [[...to, "--account", "vendas"], "vendas is not configured; configured: default."],
  [["--to", "1", "--campaign", "x"], "Expected a number above 0."],
  [[...to, "--loudly"], "unknown option"],
] as const)("refuses %j before anything is sent, with exit code 2", async (args, words) => {
  const api = await simulator();
  const { code, err } = await tryOnce(api, args);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  expect(api.requests).toBe(0);
});

test("exits with 78 for a wrong configuration, and locates an invalid rule", async () => {
  const rules = [
    { name: "a", when: { body: "(?=x)" }, outcome: "accepted" },
    { name: "b", when: { json: { path: "x", matches: "(a)\\1" } }, outcome: "accepted" },
  ];
  const { code, err } = await tryOnce({ url: "http://127.0.0.1:1" }, to, {
    TALKME_CONFIG: configFile(stringify({ response_rules: rules })),
    TALKME_CONCURRENCY: "many",
  });
  expect(code).toBe(78);
  expect(err).toContain("TALKME_CONCURRENCY");
  expect(err).toMatch(/response_rules\.0\.when\.body: uses lookahead/);
  expect(err).toMatch(/response_rules\.1\.when\.json\.matches: uses a backreference/);
});

test("sends nothing to a suppressed person, and warns when the database cannot be asked", async () => {
  const stage = await Stage.open();
  await stage.sql("select talkme.suppress('11988887777', 'asked')");
  const database = { TALKME_DATABASE_URL: stage.databaseUrl };

  const refused = await tryOnce(stage.simulator, ["--to", "+55 11 98888-7777", "--campaign", "1"], database);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("The recipient is suppressed") });
  expect(stage.simulator.requests).toBe(0);

  const other = await tryOnce(stage.simulator, ["--to", "11977776666", "--campaign", "1"], database);
  expect(other).toMatchObject({ code: 0, err: expect.not.stringContaining("Not known") });
  const nowhere = { TALKME_DATABASE_URL: "postgresql://u:hunter2@127.0.0.1:1/app" };
  const unasked = await tryOnce(stage.simulator, to, nowhere);
  expect(unasked).toMatchObject({
    code: 0,
    err: expect.stringContaining("Whether the recipient is suppressed is unknown"),
  });
  expect(unasked.err).not.toContain("hunter2");
});

test("asks first: only yes sends, and without a terminal --yes is required", async () => {
  const api = await simulator();
  const unasked = await Syncd.command(["try", ...to], account(api.url));
  expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining("add --yes") });

  const answer = async (said: string): Promise<number> =>
    runCli(["try", ...to], account(api.url), new AbortController().signal, {
      out: () => {},
      err: () => {},
      screen: () => null,
      ask: async () => said,
    });
  expect([await answer(""), await answer("no"), await answer("y")]).toEqual([1, 1, 1]);
  expect(api.requests).toBe(0);
  expect(await answer("yes")).toBe(0);
  expect(api.ledger.size).toBe(1);
});

test("a provably unsent request is not shown as an answer", async () => {
  const { code, out } = await tryOnce({ url: "http://127.0.0.1:1" }, ["--json", ...to]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ outcome: "not_sent", code: "connection_refused", answer: null });
});
