import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli, type ExitCode } from "../src/cli.ts";
import { startSimulator } from "../src/index.ts";
import { ApiClient } from "./api-client.ts";

interface Ended {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command that ends by itself. */
async function runToEnd(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const { ended } = start(args, env);
  return ended;
}

/** Starts the command; `url` resolves once it has printed one, `stop` is Ctrl-C. */
function start(args: readonly string[], env: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const { promise: url, resolve } = Promise.withResolvers<string>();
  const print = (line: string): void => {
    out.push(line);
    const [found] = /http:\S+/.exec(line) ?? [];
    if (found !== undefined) resolve(found);
  };
  const running = runCli(args, { env, stop: stop.signal, print, complain: (line) => err.push(line) });
  const ended = running.then((exitCode) => ({ exitCode, stdout: out.join("\n"), stderr: err.join("\n") }));
  return { url, stop: () => stop.abort(), ended };
}

/** Starts a simulator, lets the test use it, stops it. */
async function run(
  args: readonly string[],
  use: (client: ApiClient) => Promise<void>,
  env: Record<string, string> = {},
): Promise<Ended> {
  const { url, stop, ended } = start(["--port", "0", ...args], env);
  await using client = new ApiClient({ url: await url });
  await use(client);
  stop();
  return await ended;
}

async function loseOne(client: ApiClient): Promise<void> {
  await expect(client.insere()).rejects.toThrow(/closed/);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "talkme-simulator-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("running", () => {
  test("prints its URL and a line per request with the number masked, and ends with 0", async () => {
    const { exitCode, stdout, stderr } = await run([], async (client) => {
      await client.insere();
      await client.envio({ numero_dest: undefined, email_dest: "fulano@email.com.br" });
      await client.insere({ num_dest: "12" });
    });
    expect(exitCode).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^simulator of api\.talk\.me at http:\/\/127\.0\.0\.1:\d+\n/);
    expect(stdout).toContain(
      "#1 GET insere_whats_simples 11*******77 campaign=5 accepted, answered 200 protocol",
    );
    expect(stdout).toContain(
      "#2 POST envio_whats_simples_v2 f*** campaign=5 accepted, answered 200 protocol",
    );
    expect(stdout).toMatch(
      /#3 GET insere_whats_simples \*\*\* .*not accepted, answered 404 refused:invalid-number \(/,
    );
    expect(stdout).toContain("stopped after 3 requests, 2 accepted");
    expect(stdout).not.toMatch(/11988887777|fulano@/);
  });

  test("says no answer where there is none, and nothing with --quiet", async () => {
    const path = await file("drop.json", '[{"do":{"kind":"drop","when":"after"}}]');
    expect((await run(["--faults", path], loseOne)).stdout).toContain("accepted, no answer drop");
    expect((await run(["--faults", path, "--quiet"], loseOne)).stdout).not.toContain("#1");
  });

  test.each<[string, string[], Record<string, string>]>([
    ["given as options", ["--id-cliente", "77", "--token", "s3cret"], {}],
    ["from the environment", [], { TALKME_ID_CLIENTE: "77", TALKME_TOKEN: "s3cret" }],
  ])("credentials %s are in force, and the token is never printed", async (_how, args, env) => {
    const { stdout, stderr } = await run(
      args,
      async (client) => {
        expect((await client.insere()).status).toBe(403);
        expect((await client.insere({ id_cliente: "77", token: "s3cret" })).status).toBe(200);
        // The slip of a person who swaps two parameters.
        expect((await client.insere({ id_cliente: "77", token: "s3cret", acao: "s3cret" })).status).toBe(404);
      },
      env,
    );
    expect(stdout).toContain("id_cliente=77");
    expect(stdout + stderr).not.toContain("s3cret");
    const help = await runToEnd(["--help"], env);
    expect(help.stdout).not.toContain("s3cret");
  });

  test("the default token is printed, for it is public", async () => {
    const { stdout } = await run([], async () => {});
    expect(stdout).toContain("id_cliente=123 token=simulator-token");
  });

  test("faults come from YAML", async () => {
    const path = await file(
      "faults.yaml",
      "faults:\n  - match: { first: 1 }\n    do: { kind: status, status: 503 }\n",
    );
    await run(["--faults", path], async (client) => {
      expect((await client.insere()).status).toBe(503);
      expect((await client.insere()).status).toBe(200);
    });
  });

  test("campaigns, lockout, shape and latency are in force", async () => {
    const args = [
      "--campaign",
      "5:nome,geral1",
      "--campaign",
      "6",
      "--lock-after",
      "2",
      "--success-shape",
      "one",
      "--latency-ms",
      "20",
      "--seed",
      "7",
      "--idle-socket-timeout-ms",
      "5000",
    ];
    await run(args, async (client) => {
      const startedAt = performance.now();
      expect((await client.insere({ id_campanha: "6" })).text).toBe("1");
      // Timers may fire a millisecond early.
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
      expect((await client.envio({ info_contato: { nome: "Fulano", geral1: "x" } })).text).toBe("1");
      expect((await client.envio({ info_contato: { nome: "Fulano" } })).status).toBe(404);
      expect((await client.insere({ id_campanha: "7" })).status).toBe(404);
      expect((await client.insere({ id_campanha: "6" })).status).toBe(403);
    });
  });

  test("--no-ledger counts without keeping", async () => {
    const { stdout } = await run(["--no-ledger"], async (client) => {
      await client.insere();
      expect((await client.send("GET", "/__simulator/ledger")).status).toBe(409);
    });
    expect(stdout).toContain("1 accepted");
  });
});

describe("exit codes", () => {
  test.each([
    ["--help", /--id-cliente[^]*healthcheck/],
    ["--version", /^\d+\.\d+\.\d+$/],
  ])("%s ends with 0", async (option, stdout) => {
    const ended = await runToEnd([option]);
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toMatch(stdout);
  });

  test.each<[string, string[], RegExp]>([
    ["an unknown option", ["--prot", "1"], /--prot/],
    ["an unknown command", ["start"], /start|argument/],
    ["a port that is none", ["--port", "http"], /from 0 to 65535/],
    ["a campaign that is none", ["--campaign", "abc"], /ID:variable/],
    ["a campaign's unknown variable", ["--campaign", "5:geral6"], /geral5/],
    ["an unknown shape", ["--success-shape", "yes"], /protocol/],
    ["a file that is not there", ["--faults", "/nonexistent.yaml"], /\/nonexistent\.yaml/],
  ])("%s ends with 2 and says what is wrong", async (_what, args, stderr) => {
    const ended = await runToEnd(args);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(stderr);
  });

  test.each([
    ["wrong rules", "- do: { kind: explode }", /\[0\]\.do\.kind/],
    ["what is no YAML", "a: [", /cannot read/],
  ])("a file with %s ends with 2 and says what is wrong", async (_what, content, stderr) => {
    const ended = await runToEnd(["--faults", await file("wrong.yaml", content)]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(stderr);
  });

  test("a port that is taken ends with 1", async () => {
    await using simulator = await startSimulator();
    const ended = await runToEnd(["--port", String(simulator.port)]);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("EADDRINUSE");
  });
});

describe("healthcheck", () => {
  test("ends with 0 if the simulator is up, and with 1 once it is not", async () => {
    const simulator = await startSimulator();
    expect(await runToEnd(["healthcheck", simulator.url])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    await simulator.close();
    const ended = await runToEnd(["healthcheck", simulator.url]);
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(simulator.url);
  });

  test("an address that is no URL ends with 1", async () => {
    expect((await runToEnd(["healthcheck", "nowhere"])).exitCode).toBe(1);
  });
});
