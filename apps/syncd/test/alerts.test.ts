import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";

import { everyMetric } from "../scripts/metrics-page.ts";
import { metricsIn } from "./support/metrics-in.ts";
import { promtool } from "./support/prometheus.ts";

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Case {
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly exp_alerts?: readonly unknown[];
  }[];
}

const folder = new URL("../../../deploy/prometheus/", import.meta.url);
const docs = new URL("../../../docs/", import.meta.url);

async function read(name: string): Promise<string> {
  return readFile(new URL(name, folder), "utf8");
}

const rules: { groups: readonly { rules: readonly Alert[] }[] } = parse(await read("rules.yml"));
const alerts = rules.groups.flatMap((group) => group.rules);

/**
 * Writes each alert and its cases into separate files, and returns the case files. In a single file, promtool evaluates
 * every rule at every minute of every case, which took thirty times as long.
 */
async function splitByAlert(names: readonly string[], rulesText: string): Promise<readonly string[]> {
  const folderOfCopies = await mkdtemp(join(tmpdir(), "talkme-rules-"));
  onTestFinished(() => rm(folderOfCopies, { recursive: true, force: true }));
  const { groups }: typeof rules = parse(rulesText);
  const cases: { tests: readonly Case[] } = parse(await read("rules.test.yml"));
  return Promise.all(
    names.map(async (name) => {
      const own = groups.flatMap((group) => group.rules.filter(({ alert }) => alert === name));
      const rulesFile = join(folderOfCopies, `${name}.yml`);
      await writeFile(rulesFile, stringify({ groups: [{ name, rules: own }] }));
      const tests = cases.tests.flatMap((one) => {
        const asked = one.alert_rule_test.filter(({ alertname }) => alertname === name);
        return asked.length > 0 ? [{ ...one, alert_rule_test: asked }] : [];
      });
      const casesFile = join(folderOfCopies, `${name}.test.yml`);
      await writeFile(casesFile, stringify({ ...cases, rule_files: [rulesFile], tests }));
      return casesFile;
    }),
  );
}

describe("the shipped alerts", () => {
  test("promtool accepts the rules and the Prometheus configuration", async (context) => {
    const rulesFile = fileURLToPath(new URL("rules.yml", folder));
    expect(await promtool(context, ["check", "rules", rulesFile])).toMatchObject({ code: 0, err: "" });
    const configuration = fileURLToPath(new URL("prometheus.yml", folder));
    expect(await promtool(context, ["check", "config", configuration])).toMatchObject({ code: 0, err: "" });
  });

  test("each fires when it should, with its text, and only then", async (context) => {
    const files = await splitByAlert(
      alerts.map(({ alert }) => alert),
      await read("rules.yml"),
    );
    const { code, out, err } = await promtool(context, ["test", "rules", ...files]);
    expect(`${out}${err}`.match(/SUCCESS/g)).toHaveLength(alerts.length);
    expect(code).toBe(0);
  });

  test.for([
    ["> 0.1\n", "> 0.5\n", "TalkmeFailureRatio"],
    ["sum by (job, account)", "sum by (account)", "TalkmeFailureRatio"],
    ["unless on (job)\n", "unless on ()\n", "TalkmeNotDraining"],
    ['absent(talkme_build_info{job="syncd"})', "absent(talkme_build_info)", "TalkmeNoInstance"],
    ["{job=%q}", "{job!=%q}", "TalkmeSnapshotHeld"],
  ])("its cases notice a mistake: %j as %j", async ([right = "", wrong = "", alert = ""], context) => {
    const text = await read("rules.yml");
    expect(text).toContain(right);
    const files = await splitByAlert([alert], text.replaceAll(right, wrong));
    const { code, out, err } = await promtool(context, ["test", "rules", ...files]);
    expect(code).not.toBe(0);
    expect(`${out}${err}`).toContain(alert);
  });

  test("each covers one job: no aggregation or match mixes two outboxes", () => {
    const mixing = alerts.filter(({ expr }) => {
      const aggregations = expr.match(/\b(?:sum|max|min|avg|count|group)\b(?! by \(job\b)/g) ?? [];
      const matches = expr.match(/\bon \((?!job\b)/g) ?? [];
      return aggregations.length + matches.length > 0;
    });
    expect(mixing.map(({ alert }) => alert)).toEqual([]);
  });

  test("each has a case where it fires and one where it does not", async () => {
    const { tests }: { tests: readonly Case[] } = parse(await read("rules.test.yml"));
    const evaluations = tests.flatMap((one) => one.alert_rule_test);
    const named = (fires: boolean): readonly string[] =>
      evaluations
        .filter(({ exp_alerts: expected = [] }) => expected.length > 0 === fires)
        .map(({ alertname }) => alertname);
    const all = alerts.map(({ alert }) => alert).toSorted();
    expect([...new Set(named(true))].toSorted()).toEqual(all);
    expect([...new Set(named(false))].toSorted()).toEqual(all);
  });

  test("each has a severity, a summary and a link to its section in the runbook", () => {
    for (const { alert, labels, annotations } of alerts) {
      expect(labels["severity"]).toMatch(/^(?:critical|warning)$/);
      expect(annotations["summary"]).toMatch(/\w/);
      expect(annotations["description"]).toMatch(/\w/);
      const section = `runbook.md#${alert.toLowerCase()}`;
      expect(annotations["runbook_url"]).toBe(`https://docs.example.com/talkme/${section}`);
    }
  });

  test.for([
    { page: "runbook.md", parts: ["**Means.**", "**Look.**", "**Do.**"] },
    { page: "pt-BR/runbook.md", parts: ["**O que significa.**", "**Onde olhar.**", "**O que fazer.**"] },
  ])("each has its section in $page, which has no others", async ({ page, parts }) => {
    const sections = new Map(
      (await readFile(new URL(page, docs), "utf8"))
        .split(/^## /m)
        .slice(1)
        .map((section) => [section.slice(0, section.indexOf("\n")), section]),
    );
    expect([...sections.keys()].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    for (const [alert, section] of sections)
      expect([alert, parts.filter((part) => !section.includes(part))]).toEqual([alert, []]);
  });

  test("every metric they query exists", () => {
    const names = new Set(everyMetric().map(({ name }) => name));
    const asked = alerts.flatMap(({ expr }) => metricsIn(expr));
    expect(asked).toContain("talkme_outbox_rows");
    expect(asked.filter((name) => !names.has(name))).toEqual([]);
  });
});
