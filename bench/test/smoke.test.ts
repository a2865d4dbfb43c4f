import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { needDebianProgram } from "@talkme/test-debian/vitest";
import { expect, onTestFinished, test } from "vitest";

import type { Report } from "../src/report/report.ts";

const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Accepts any figures. */
test(
  "every benchmark scenario runs to its end, and every ratio has the figures it was divided from",
  { timeout: 400_000 },
  async (context) => {
    await needDebianProgram(context, "nginx", "usr/sbin/nginx");
    await needDebianProgram(context, "postgresql-15", "usr/lib/postgresql/15/bin/pgbench");
    const folder = await mkdtemp(join(tmpdir(), "talkme-bench-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const bench = spawn(
      process.execPath,
      ["--conditions=@talkme/source", program, "--smoke", "--out", folder],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    let said = "";
    bench.stderr.on("data", (chunk) => (said += String(chunk)));
    const [code] = await once(bench, "close");
    expect({ code, said: code === 0 ? "" : said }).toEqual({ code: 0, said: "" });

    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the program under test
    const report = JSON.parse(await readFile(join(folder, "bench.json"), "utf8")) as Report;
    expect(report.ratios.length).toBeGreaterThanOrEqual(18);
    const values = report.ratios.flatMap(({ of, over }) => [...of.values, ...(over?.values ?? [])]);
    // 0 if every row was served between two looks.
    expect(values.filter((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY))).toEqual([]);
    const markdown = await readFile(join(folder, "bench.md"), "utf8");
    for (const { name } of report.ratios) expect(markdown).toContain(`| ${name} |`);
    expect(await readFile(join(folder, "bench.svg"), "utf8")).toContain("</svg>");
  },
);
