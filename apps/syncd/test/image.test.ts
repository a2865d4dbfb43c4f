import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { debianPythonProgram } from "@talkme/test-debian";
import { expect, test, type TestContext } from "vitest";
import { parse } from "yaml";

import { variableNames } from "../src/config/variables.ts";
import { tlsMode } from "../src/database/tls-mode.ts";
import { runHere } from "./support/run-here.ts";
import { Stage } from "./support/stage.ts";

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), "utf8");

interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, unknown>>;
}

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

test.each(["migrate", "daemon-login", "syncd", "simulator", "prometheus", "grafana"])(
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

test("in Compose the daemon and the owner reach the database through its socket, which asks for a password", () => {
  const { postgres, migrate, syncd } = compose.services;
  for (const service of [migrate, syncd]) {
    const url = (service?.environment?.["TALKME_DATABASE_URL"] ?? "").replaceAll(/\$\{[^}]*\}/g, "password");
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

test("in Compose the owner migrates, and the daemon is not the owner", () => {
  const { postgres, migrate, syncd } = compose.services;
  expect(postgres?.environment?.["POSTGRES_USER"]).toBe("talkme");
  expect(migrate?.environment?.["TALKME_DATABASE_URL"]).toMatch(/^postgresql:\/\/talkme:/);
  expect(syncd?.environment?.["TALKME_DATABASE_URL"]).toMatch(/^postgresql:\/\/syncd:/);
  expect(Object.keys(syncd?.depends_on ?? {})).toContain("daemon-login");
});

test("Compose pins every image that it does not build, and publishes ports to this machine alone", () => {
  const services = Object.entries(compose.services);
  const others = services.filter(([, { image = "" }]) => !image.includes("talkme/"));
  for (const [name, { image = "" }] of others) expect(`${name}: ${image}`).toMatch(/:v?\d+\.\d+[^:]*$/);
  const ports = services.flatMap(([, service]) => service.ports ?? []);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});
