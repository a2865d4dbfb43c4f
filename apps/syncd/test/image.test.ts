import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";
import { parse } from "yaml";

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), "utf8");

interface Service {
  readonly image?: string;
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
