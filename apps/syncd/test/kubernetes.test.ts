import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import {
  PrometheusRule,
  ServiceMonitor,
} from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import { needDebianProgram } from "@talkme/test-debian/vitest";
import { Deployment } from "kubernetes-models/apps/v1";
import { Job } from "kubernetes-models/batch/v1";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, Namespace, Secret, Service, ServiceAccount } from "kubernetes-models/v1";
import { describe, expect, onTestFinished, test, type TestContext } from "vitest";
import { parse, parseAllDocuments } from "yaml";

import { prometheusRule } from "../scripts/prometheus-rule.ts";
import { variableNames, variablesSchema } from "../src/config/variables.ts";
import { Stage } from "./support/stage.ts";

const deploy = new URL("../../../deploy/", import.meta.url);
const folder = new URL("kubernetes/", deploy);
const models = {
  ConfigMap,
  Deployment,
  Job,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  PrometheusRule,
  Secret,
  Service,
  ServiceAccount,
  ServiceMonitor,
};
type Kind = keyof typeof models;

async function load<K extends Kind>(
  kind: K,
  file: string,
): Promise<ConstructorParameters<(typeof models)[K]>[0] & object> {
  const content = parse(await readFile(new URL(file, folder), "utf8"));
  expect(content.kind).toBe(kind);
  return content;
}

/** Parsed YAML, whose shape is yet to be checked. */
type Manifest = ReturnType<typeof parse>;

/** What the API server's schema of its kind rejects; null when it is valid. */
function objection(manifest: Manifest): string | null {
  const [, Model] = Object.entries(models).find(([kind]) => kind === manifest.kind) ?? [];
  if (Model === undefined) return `There is no schema for ${manifest.kind}.`;
  try {
    new Model(manifest).validate();
    return null;
  } catch (error) {
    return String(error);
  }
}

/** What `kubectl apply --kustomize` would apply, with the secrets in place. */
async function build(context: Pick<TestContext, "skip">): Promise<readonly Manifest[]> {
  const { path, env } = await needDebianProgram(context, "kubernetes-client", "usr/bin/kubectl");
  const run = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(path, args, { env: { ...process.env, ...env } })).stdout;
  const { clientVersion } = JSON.parse(await run("version", "--client", "--output=json"));
  // Its kustomize dates from 2019 and lacks `envs` and `patches`. Debian 12 has 1.20.
  if (Number.parseInt(clientVersion.minor, 10) < 21)
    context.skip(`kubectl ${clientVersion.gitVersion} is too old`);
  const copy = await mkdtemp(join(tmpdir(), "talkme-kubernetes-"));
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  for (const name of ["kubernetes", "grafana"]) {
    await cp(fileURLToPath(new URL(name, deploy)), join(copy, name), { recursive: true });
  }
  for (const name of [
    "database_url",
    "token",
    "metrics_token",
    "migration_database_url",
    "console_database_url",
  ]) {
    await writeFile(join(copy, "kubernetes", "secrets", name), "not a secret");
  }
  return parseAllDocuments(await run("kustomize", join(copy, "kubernetes"))).map((document) =>
    document.toJS(),
  );
}

/** Whether a selector matches labels; an absent one matches nothing. */
function selects(selector: object | undefined, labels: object): boolean {
  const wanted = Object.entries(selector ?? {});
  const given = new Map(Object.entries(labels));
  return wanted.length > 0 && wanted.every(([key, value]) => given.get(key) === value);
}

describe("each manifest", async () => {
  const kustomization = parse(await readFile(new URL("kustomization.yaml", folder), "utf8"));
  const everything: readonly string[] = kustomization.resources;
  const resources = everything.filter((name) => name !== "../grafana");
  const configurations: readonly string[] = kustomization.configurations;
  const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));

  test("is listed in the kustomization, which lists no other", () => {
    expect(new Set([...resources, ...configurations, "kustomization.yaml"])).toEqual(new Set(files));
  });

  test.each(resources)("%s matches the schema of Kubernetes", async (file) => {
    expect(objection(parse(await readFile(new URL(file, folder), "utf8")))).toBeNull();
  });

  test("that contains a mistake would be found", async () => {
    const deployment = await load("Deployment", "deployment.yaml");
    expect(objection({ ...deployment, spec: { ...deployment.spec, replicas: "two" } })).toContain("replicas");
  });
});

test("the Operator's alerts equal those of plain Prometheus", async () => {
  const rules = await readFile(new URL("prometheus/rules.yml", deploy), "utf8");
  const manifest = await readFile(new URL("prometheus-rule.yaml", folder), "utf8");
  expect(manifest, "pnpm kubernetes:rules writes it anew").toBe(prometheusRule(rules));
  expect(parse(manifest).spec).toEqual(parse(rules));
});

test("kubectl builds them, and the result is valid and refers only to what exists", async (context) => {
  const built = await build(context);
  expect(built.map(objection)).toEqual(built.map(() => null));
  const namesOf = (kind: string): ReadonlySet<string> =>
    new Set(built.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name));
  const referred = JSON.stringify(built.filter(({ kind }) => kind === "Deployment" || kind === "Job"));
  const secrets = [...referred.matchAll(/"secretName":"([^"]+)"/g)].map(([, name]) => name);
  expect(secrets).toHaveLength(4);
  expect(new Set(secrets)).toEqual(namesOf("Secret"));
  const monitor = built.find(({ kind }) => kind === "ServiceMonitor");
  const { credentials } = monitor.spec.endpoints[0].authorization;
  expect(credentials).toEqual({ name: expect.stringMatching(/^syncd-metrics-\w+$/), key: "metrics_token" });
  expect(secrets).toContain(credentials.name);
  const maps = [...referred.matchAll(/"configMapRef":\{"name":"([^"]+)"/g)].map(([, name]) => name);
  expect(new Set([...maps, "syncd-dashboard"])).toEqual(namesOf("ConfigMap"));
  const dashboard = built.find(({ metadata }) => metadata.name === "syncd-dashboard");
  expect(dashboard.metadata).toMatchObject({ labels: { grafana_dashboard: "1" }, namespace: "talkme" });
  const file = new URL("grafana/provisioning/dashboards/syncd.json", deploy);
  expect(dashboard.data["syncd.json"]).toBe(await readFile(file, "utf8"));
  const images = [...referred.matchAll(/"image":"([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(images)).toEqual(new Set(["registry.example.com/talkme/syncd:0.1.0"]));
});

describe("the deployment", async () => {
  const deployment = await load("Deployment", "deployment.yaml");
  const template = deployment.spec?.template;
  const container = template?.spec?.containers[0];

  test("gives only settings that exist, and secrets only as files", async () => {
    const inline = (container?.env ?? []).map(({ name }) => name);
    const file = await readFile(new URL("syncd.env", folder), "utf8");
    const ofMap = [...file.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    for (const name of [...inline, ...ofMap]) {
      expect(variableNames).toContain(name?.replace(/_FILE$/, ""));
    }
    expect(inline.filter((name) => name.endsWith("_FILE"))).toEqual([
      "TALKME_DATABASE_URL_FILE",
      "TALKME_TOKEN_FILE",
      "TALKME_METRICS_TOKEN_FILE",
    ]);
    expect(file).not.toMatch(/TOKEN|DATABASE_URL/);
  });

  test("is probed at paths the daemon answers, on the port it listens on", async () => {
    const stage = await Stage.open();
    const syncd = stage.run();
    await syncd.logged("sending");
    const probes = [container?.livenessProbe, container?.readinessProbe, container?.startupProbe];
    const base = await syncd.http();
    for (const probe of probes) {
      await expect.poll(async () => (await fetch(`${base}${probe?.httpGet?.path}`)).status).toBe(200);
      expect(probe?.httpGet?.port).toBe("http");
    }
    // A process must not be killed for waiting for its database.
    expect([probes[0]?.httpGet?.path, probes[2]?.httpGet?.path]).toEqual(["/livez", "/livez"]);
    const monitor = await load("ServiceMonitor", "service-monitor.yaml");
    expect((await fetch(`${base}${monitor.spec.endpoints[0]?.path}`)).status).toBe(200);
  });

  test("mounts each file that a setting names from a secret that has it", () => {
    const mounts = container?.volumeMounts ?? [];
    const volumes = template?.spec?.volumes ?? [];
    const found = (container?.env ?? [])
      .filter(({ name }) => name.endsWith("_FILE"))
      .map(({ value = "" }) => {
        const mount = mounts.find(({ mountPath }) => value.startsWith(`${mountPath}/`));
        const secret = volumes.find(({ name }) => name === mount?.name)?.secret?.secretName;
        return `${secret}: ${value.slice((mount?.mountPath.length ?? 0) + 1)}`;
      });
    expect(found).toEqual(["syncd: database_url", "syncd: token", "syncd-metrics: metrics_token"]);
  });

  test("uses the same port everywhere", async () => {
    const service = await load("Service", "service.yaml");
    const monitor = await load("ServiceMonitor", "service-monitor.yaml");
    const policy = await load("NetworkPolicy", "network-policy.yaml");
    const port = container?.ports?.[0];
    expect(container?.env?.find(({ name }) => name === "TALKME_HTTP_PORT")?.value).toBe(
      String(port?.containerPort),
    );
    expect(service.spec?.ports?.[0]).toMatchObject({
      name: "http",
      port: port?.containerPort,
      targetPort: port?.name,
    });
    expect(monitor.spec.endpoints[0]?.port).toBe(service.spec?.ports?.[0]?.name);
    expect(policy.spec?.ingress?.[0]?.ports?.[0]?.port).toBe(port?.containerPort);
  });

  test("is selected by budget, service, spread and policy; the migration's pod is not", async () => {
    const labels = template?.metadata?.labels ?? {};
    const ofJob = (await load("Job", "migration.yaml")).spec?.template.metadata?.labels ?? {};
    const service = await load("Service", "service.yaml");
    const budget = await load("PodDisruptionBudget", "pod-disruption-budget.yaml");
    const monitor = await load("ServiceMonitor", "service-monitor.yaml");
    const policy = await load("NetworkPolicy", "network-policy.yaml");

    const ofDaemonAlone = [
      deployment.spec?.selector.matchLabels,
      budget.spec?.selector?.matchLabels,
      service.spec?.selector,
      template?.spec?.topologySpreadConstraints?.[0]?.labelSelector?.matchLabels,
    ];
    for (const selector of ofDaemonAlone) {
      expect(selects(selector, labels)).toBe(true);
      expect(selects(selector, ofJob)).toBe(false);
    }
    expect(selects(monitor.spec.selector.matchLabels, service.metadata?.labels ?? {})).toBe(true);
    for (const of of [labels, ofJob]) expect(selects(policy.spec?.podSelector?.matchLabels, of)).toBe(true);
  });

  test("has time to drain before it is killed", () => {
    const { TALKME_DRAIN_TIMEOUT_MS: drainMs } = variablesSchema.parse({
      TALKME_DATABASE_URL: "postgresql://db/app",
    });
    expect((template?.spec?.terminationGracePeriodSeconds ?? 0) * 1000).toBeGreaterThan(drainMs + 5000);
  });
});

describe("the console's deployment", async () => {
  const { spec } = await load("Deployment", "console-deployment.yaml");
  const container = spec?.template.spec?.containers[0];
  const settings = await readFile(new URL("console.env", folder), "utf8");

  test("gives only settings that exist, the secret as a file that is mounted, and an address with TLS", async () => {
    const page = await readFile(new URL("../docs/console.md", deploy), "utf8");
    const inline = (container?.env ?? []).map(({ name }) => name);
    const ofMap = [...settings.matchAll(/^([A-Z_]+)=/gm)].map(([, name = ""]) => name);
    for (const name of [...inline, ...ofMap])
      expect(page).toContain(`\n| \`${name.replace(/_FILE$/, "")}\` `);
    expect(inline.filter((name) => name.endsWith("_FILE"))).toEqual(["TALKME_CONSOLE_DATABASE_URL_FILE"]);
    expect(settings).toMatch(/^TALKME_CONSOLE_PUBLIC_URL=https:/m);
    expect(settings).not.toContain("DATABASE_URL");
    const [mount] = container?.volumeMounts ?? [];
    expect(container?.env?.[0]?.value).toBe(`${mount?.mountPath}/database_url`);
  });

  test("is one process of the daemon's image, probed without its database's help, and selected by service and policy alone", async () => {
    expect(spec?.replicas).toBe(1);
    expect(container).toMatchObject({ image: "talkme/syncd", command: ["talkme-console"] });
    const paths = [container?.livenessProbe, container?.startupProbe, container?.readinessProbe];
    expect(paths.map((probe) => probe?.httpGet?.path)).toEqual(["/livez", "/livez", "/readyz"]);
    const labels = spec?.template.metadata?.labels ?? {};
    const service = await load("Service", "console-service.yaml");
    const policy = await load("NetworkPolicy", "console-network-policy.yaml");
    const ofDaemon = await load("NetworkPolicy", "network-policy.yaml");
    expect(selects(service.spec?.selector, labels)).toBe(true);
    expect(selects(policy.spec?.podSelector?.matchLabels, labels)).toBe(true);
    expect(selects(ofDaemon.spec?.podSelector?.matchLabels, labels)).toBe(false);
    const port = container?.ports?.[0]?.containerPort;
    expect(service.spec?.ports?.[0]?.port).toBe(port);
    expect(policy.spec?.ingress?.[0]?.ports?.[0]?.port).toBe(port);
    // It never asks the API: no way out but names and the database.
    expect((policy.spec?.egress ?? []).flatMap(({ ports }) => ports?.map((one) => one.port))).toEqual([
      53, 53, 5432,
    ]);
  });
});

test("no pod is root, can become root, writes to its root file system or has a cluster token", async () => {
  const pods = [
    (await load("Deployment", "deployment.yaml")).spec?.template.spec,
    (await load("Deployment", "console-deployment.yaml")).spec?.template.spec,
    (await load("Job", "migration.yaml")).spec?.template.spec,
  ];
  for (const pod of pods) {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    });
    for (const { securityContext } of pod?.containers ?? []) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  }
});
