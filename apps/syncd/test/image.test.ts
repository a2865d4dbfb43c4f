import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { debianPythonProgram } from "@talkme/test-debian";
import { Client } from "pg";
import { expect, onTestFinished, test, type TestContext } from "vitest";
import { parse } from "yaml";

import { variableNames } from "../src/config/variables.ts";
import { tlsMode } from "../src/database/tls-mode.ts";
import { runHere } from "./support/run-here.ts";
import { Stage } from "./support/stage.ts";

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), "utf8");

interface Service {
  readonly image?: string;
  readonly entrypoint?: readonly string[];
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

const consolePage = await read("docs/console.md");
const dockerfile = await read("deploy/docker/Dockerfile");
const compose: {
  readonly services: Readonly<Record<string, Service>>;
  readonly "x-syncd-image": { readonly build: { readonly args: Readonly<Record<string, string>> } };
} = parse(await read("docker-compose.yml"), { merge: true });

test("the image pins the full version of the Node that all tests use", async () => {
  const { catalog } = parse(await read("pnpm-workspace.yaml"));
  const image = `node:${catalog.node}-bookworm-slim`;
  expect(/^ARG NODE_IMAGE=(.*)$/m.exec(dockerfile)?.[1]).toBe(image);
  expect(compose["x-syncd-image"].build.args["NODE_IMAGE"]).toBe(`\${NODE_IMAGE:-${image}}`);
});

test("the final stage starts empty and does not run as root", () => {
  expect(dockerfile).toContain("\nFROM scratch AS runtime\n");
  expect([...dockerfile.matchAll(/^USER (.*)$/gm)].map(([, user]) => user)).toEqual(["1000:1000"]);
  expect(dockerfile).toMatch(/^FROM runtime AS simulator$/m);
  expect(dockerfile).toMatch(/^FROM runtime AS syncd$/m);
});

test.each(["migrate", "daemon-login", "syncd", "console", "simulator", "prometheus", "grafana"])(
  "Compose gives %s no capability and no writable file system",
  (name) => {
    expect(compose.services[name]).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
  },
);

test("a builder for a company's certificate authority begins with the same image", async () => {
  const [, image] = /^ARG NODE_IMAGE=(.*)$/m.exec(await read("deploy/docker/ca/Dockerfile")) ?? [];
  expect(image).toBe(/^ARG NODE_IMAGE=(.*)$/m.exec(dockerfile)?.[1]);
});

test("without the profile monitoring, Compose needs no image from elsewhere but PostgreSQL's, and nothing of that profile", () => {
  const services = Object.entries(compose.services);
  const monitoring = services.filter(([, { profiles = [] }]) => profiles.includes("monitoring"));
  expect(monitoring.map(([name]) => name)).toEqual(["prometheus", "grafana"]);
  for (const [name, { image = "", profiles = [], depends_on = {} }] of services) {
    if (profiles.includes("monitoring")) continue;
    expect(`${name}: ${image}`).toMatch(/talkme\/|POSTGRES_IMAGE/);
    expect(Object.keys(depends_on)).not.toContain("prometheus");
  }
});

test("with Compose's own settings, check has nothing to warn of", async () => {
  const { syncd } = compose.services;
  const stage = await Stage.open();
  const { code, out } = await runHere(["check"], {
    TALKME_DATABASE_URL: stage.databaseUrl,
    TALKME_BASE_URL: stage.simulator.url,
    TALKME_ID_CLIENTE: "123",
    TALKME_TOKEN: "simulator-token",
    TALKME_HTTP_HOST: syncd?.environment?.["TALKME_HTTP_HOST"] ?? "",
    TALKME_HTTP_PORT: "0",
    TALKME_METRICS_TOKEN: /:-(.*)\}/.exec(syncd?.environment?.["TALKME_METRICS_TOKEN"] ?? "")?.[1] ?? "",
  });
  // The others are about the tests' own server and login.
  const ours = /^(?:warning|problem) +(?:settings|HTTP|TLS|API)\b/;
  expect(out.split("\n").filter((line) => ours.test(line))).toEqual([]);
  expect(code).toBe(0);
});

test("Compose passes on every setting of .env but those that it decides itself", () => {
  const given = Object.keys(compose.services["syncd"]?.environment ?? {});
  const elsewhere = [
    // The one server, which it has in a container of its own; a file that has to be mounted; the time to stop, beside stop_grace_period.
    "TALKME_LISTEN_URL",
    "TALKME_CONFIG",
    "TALKME_DRAIN_TIMEOUT_MS",
  ];
  const passed = given.map((name) => name.replace(/_FILE$/, ""));
  expect([...passed, ...elsewhere].toSorted()).toEqual(variableNames.toSorted());
});

test("in Compose the daemon, the owner and the console reach the database through its socket, which asks for a password", () => {
  const { postgres, migrate, syncd, console } = compose.services;
  for (const [service, name] of [
    [migrate, "TALKME_DATABASE_URL"],
    [syncd, "TALKME_DATABASE_URL"],
    [console, "TALKME_CONSOLE_DATABASE_URL"],
  ] as const) {
    const url = (service?.environment?.[name] ?? "").replaceAll(/\$\{[^}]*\}/g, "password");
    expect(tlsMode(url)).toBe("local");
    expect(service?.volumes).toContain("socket:/var/run/postgresql:ro");
  }
  expect(postgres?.volumes).toContain("socket:/var/run/postgresql");
  expect(postgres?.environment?.["POSTGRES_INITDB_ARGS"]).toContain("--auth-local=scram-sha-256");
});

/** What docker-compose makes of the files: it needs no engine for that. */
async function composeConfig(
  context: TestContext,
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  const program = await debianPythonProgram("docker-compose", "usr/bin/docker-compose", []);
  if (program.kind === "unavailable") {
    if (process.env["TALKME_TEST_DEBIAN"] === "required") throw new Error(program.reason);
    return context.skip(program.reason);
  }
  const [interpreter, script] = program.command;
  const { stdout } = await promisify(execFile)(interpreter, [script, ...args, "config"], {
    cwd: fileURLToPath(new URL("../../../", import.meta.url)),
    env: { PATH: process.env["PATH"] ?? "", ...program.env, ...environment },
  });
  return stdout;
}

test("Compose takes the trial as it is, and with a company's certificate authority syncd trusts that", async (context) => {
  const trial = ["--env-file", "deploy/docker/simulator.env"];
  const plain = parse(await composeConfig(context, {}, ...trial));
  expect(plain.services.syncd.environment.TALKME_BASE_URL).toBe("http://simulator:8480");
  expect(plain.services.syncd.environment).not.toHaveProperty("NODE_EXTRA_CA_CERTS");

  const both = {
    COMPOSE_FILE: "docker-compose.yml:deploy/docker/ca/compose.yml",
    BUILD_IMAGE: "node-with-ca",
  };
  const { syncd } = parse(await composeConfig(context, both, ...trial)).services;
  expect(syncd.build.args.BUILD_IMAGE).toBe("node-with-ca");
  const path: string = syncd.environment.NODE_EXTRA_CA_CERTS;
  expect(syncd.volumes).toContainEqual(expect.stringMatching(`deploy/docker/ca/company-ca.pem:${path}:ro$`));
  expect(syncd.volumes).toContain("socket:/var/run/postgresql:ro");
});

test("in Compose the owner migrates, and neither the daemon nor the console is the owner", () => {
  const { postgres, migrate, syncd, console } = compose.services;
  expect(postgres?.environment?.["POSTGRES_USER"]).toBe("talkme");
  expect(migrate?.environment?.["TALKME_DATABASE_URL"]).toMatch(/^postgresql:\/\/talkme:/);
  expect(syncd?.environment?.["TALKME_DATABASE_URL"]).toMatch(/^postgresql:\/\/syncd:/);
  expect(console?.environment?.["TALKME_CONSOLE_DATABASE_URL"]).toMatch(/^postgresql:\/\/console:/);
  for (const service of [syncd, console])
    expect(Object.keys(service?.depends_on ?? {})).toContain("daemon-login");
});

test("Compose passes on settings that exist, the proxy's among them", () => {
  const { syncd, console } = compose.services;
  const toSyncd = Object.keys(syncd?.environment ?? {});
  for (const name of toSyncd) expect(variableNames).toContain(name.replace(/_FILE$/, ""));
  expect(toSyncd).toContain("TALKME_PROXY_URL");
  for (const name of Object.keys(console?.environment ?? {}))
    expect(consolePage).toContain(`\n| \`${name}\` `);
});

test("in Compose the console is the image's second program, whose log-in by password people reach from this machine alone", () => {
  const { syncd, console } = compose.services;
  expect(console?.image).toBe(syncd?.image);
  expect(console?.entrypoint).toEqual(["talkme-console"]);
  expect(dockerfile).toContain("ln -s ../../console/dist/bin.js /out/syncd/bin/talkme-console");
  expect(console?.ports).toEqual(["127.0.0.1:${CONSOLE_PORT:-9465}:9465"]);
  expect(console?.environment?.["TALKME_CONSOLE_PUBLIC_URL"]).toContain(":-http://127.0.0.1:9465}");
});

test("the console's login of Compose inherits nothing, also where it existed before, and its password is in no log", async () => {
  const script = await read("deploy/docker/console-login.sql");
  const stage = await Stage.open();
  const login = `console_${crypto.randomUUID().slice(0, 8)}`;
  const client = new Client({ connectionString: stage.databaseUrl });
  await client.connect();
  onTestFinished(async () => {
    await client.query(`drop role ${login}`);
    await client.end();
  });
  await client.query(`create role ${login} login inherit in role talkme_console`);
  // What psql does with the file, for another name.
  const statements = script
    .replaceAll(/^\s*(?:--|\\getenv).*$/gm, "")
    .replaceAll(/\bconsole\b/g, login)
    .replaceAll(":'password'", "'console'")
    .replaceAll(" \\gexec", ";")
    .split(/;\s*\n/)
    .filter((one) => one.trim() !== "");
  for (const one of statements) {
    const made = await client.query<{ "?column?"?: string }>(one);
    for (const row of made.rows) await client.query(Object.values(row)[0] ?? "");
  }
  const { rows } = await client.query(
    "select pg_has_role($1, 'talkme_console', 'member') as member, pg_has_role($1, 'talkme_console', 'usage') as inherits",
    [login],
  );
  expect(rows).toEqual([{ member: true, inherits: false }]);
  expect(script).toContain("set log_statement = 'none'");
});

test.each([
  ["the daemon", { TALKME_HTTP_PORT: "PORT" }],
  [
    "the console",
    { TALKME_CONSOLE_DATABASE_URL: "postgresql://console@/x", TALKME_CONSOLE_HTTP_PORT: "PORT" },
  ],
])("the image's health is that of %s in the container", async (_, settings) => {
  const server = createServer((_request, response) => void response.end("fine")).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const env = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value.replace("PORT", port)]),
  );
  const script = fileURLToPath(new URL("../../../deploy/docker/healthcheck.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, "/livez"], { env });
  expect(stdout).toBe("/livez 200 fine\n");
});

test("Compose pins every image that it does not build, and publishes ports to this machine alone", () => {
  const services = Object.entries(compose.services);
  const others = services.filter(([, { image = "" }]) => !image.includes("talkme/"));
  for (const [name, { image = "" }] of others) expect(`${name}: ${image}`).toMatch(/:v?\d+\.\d+[^:]*$/);
  const ports = services.flatMap(([, service]) => service.ports ?? []);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});
