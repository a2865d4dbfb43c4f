import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { needDebianProgram } from "@talkme/test-debian/vitest";
import { findFreePort } from "@talkme/test-postgres";
import { onTestFinished, vi, type TestContext } from "vitest";

/** A series of an answer: its labels, and its value as Prometheus writes it. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

type Skipping = Pick<TestContext, "skip">;

/** A real Prometheus that scrapes every second. */
export class Prometheus {
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  /**
   * Skips the test without Prometheus.
   *
   * @param targets The addresses to scrape, by job.
   */
  static async open(
    context: Skipping,
    targets: Readonly<Record<string, readonly string[]>>,
    ruleFiles: readonly string[] = [],
  ): Promise<Prometheus> {
    const program = await needDebianProgram(context, "prometheus", "usr/bin/prometheus");
    const home = await mkdtemp(join(tmpdir(), "talkme-prometheus-"));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const configuration = join(home, "prometheus.json");
    // JSON is YAML, too.
    const settings = {
      global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
      rule_files: ruleFiles,
      scrape_configs: Object.entries(targets).map(([job, hosts]) => ({
        job_name: job,
        static_configs: [{ targets: hosts }],
      })),
    };
    await writeFile(configuration, JSON.stringify(settings));
    const address = `127.0.0.1:${await findFreePort()}`;
    const running = spawn(
      program.path,
      [
        `--config.file=${configuration}`,
        `--storage.tsdb.path=${join(home, "data")}`,
        `--web.listen-address=${address}`,
      ],
      { env: { ...process.env, ...program.env }, stdio: ["ignore", "ignore", "pipe"] },
    );
    const errors = text(running.stderr);
    onTestFinished(async () => {
      if (running.exitCode !== null) return;
      running.kill("SIGKILL");
      await once(running, "exit");
    });
    const prometheus = new Prometheus(`http://${address}`);
    await vi.waitFor(
      async () => {
        if (running.exitCode !== null) throw new Error(`Prometheus has ended:\n${await errors}`);
        await prometheus.query("vector(1)");
      },
      { timeout: 60_000, interval: 100 },
    );
    return prometheus;
  }

  /**
   * Returns the series of an instant query, none without data.
   *
   * @throws Error if Prometheus cannot parse or evaluate it.
   */
  async query(expression: string): Promise<readonly Series[]> {
    const { result } = await this.#api<{ result: readonly Series[] }>("query", { query: expression });
    return result;
  }

  /** The errors of the targets' last scrapes, empty when they succeeded. */
  async scrapeErrors(): Promise<readonly string[]> {
    const { activeTargets } = await this.#api<{ activeTargets: readonly { lastError: string }[] }>(
      "targets",
      {},
    );
    return activeTargets.map(({ lastError }) => lastError);
  }

  async #api<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const answer: { status: string; data: T; error?: string } = JSON.parse(await response.text());
    if (answer.status !== "success")
      throw new Error(`${path} ${JSON.stringify(parameters)}: ${answer.error}`);
    return answer.data;
  }
}

/** Runs promtool; returns its output, its errors and its exit code. */
export async function promtool(
  context: Skipping,
  args: readonly string[],
  input = "",
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const { path, env } = await needDebianProgram(context, "prometheus", "usr/bin/promtool");
  return new Promise((resolve) => {
    const running = execFile(path, args, { env: { ...process.env, ...env } }, (_, out, err) =>
      resolve({ code: running.exitCode, out, err }),
    );
    running.stdin?.end(input);
  });
}
