import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { findFreePort } from "@talkme/test-postgres";
import { neutralEnvironment, syncdCommand } from "@talkme/test-syncd";

import { median } from "./growth.ts";
import { collectGarbage } from "./inspector.ts";
import type { Measurement } from "./measurement.ts";

const startDeadlineMs = 30_000;
const stopDeadlineMs = 20_000;
const lookEveryMs = 1000;

/** The real program, watched from outside. It writes its log, which is discarded. */
export class SoakedInstance implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #httpPort: number;
  readonly #inspectorPort: number;
  readonly #over = new AbortController();
  #errors = "";
  #lagsMs: number[] = [];
  #looking: Promise<void> = Promise.resolve();

  private constructor(process: ChildProcess, httpPort: number, inspectorPort: number) {
    this.#process = process;
    this.#httpPort = httpPort;
    this.#inspectorPort = inspectorPort;
    process.stderr?.on("data", (chunk) => {
      this.#errors = `${this.#errors}${String(chunk)}`.slice(-2000);
    });
  }

  /** Starts it and waits until it can send. @throws Error with its output if it cannot. */
  static async start(settings: Readonly<Record<string, string>>): Promise<SoakedInstance> {
    const [httpPort, inspectorPort] = [await findFreePort(), await findFreePort()];
    const { program, args } = syncdCommand(["run"], [`--inspect=127.0.0.1:${inspectorPort}`]);
    const child = spawn(program, args, {
      env: { ...neutralEnvironment(), ...settings, TALKME_HTTP_PORT: String(httpPort) },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    const instance = new SoakedInstance(child, httpPort, inspectorPort);
    const endMs = performance.now() + startDeadlineMs;
    while (!(await instance.#isReady())) {
      if (!instance.runs || performance.now() > endMs) {
        await instance[Symbol.asyncDispose]();
        throw new Error(`syncd run did not start:\n${instance.#errors}`);
      }
      await sleep(100);
    }
    instance.#looking = instance.#look();
    return instance;
  }

  /** False if it ended by itself. */
  get runs(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Its resources now, and its event loop's lag since the last time. */
  async measure(connections: number): Promise<Measurement> {
    await collectGarbage(this.#inspectorPort);
    const metrics = await this.#scrape();
    const lagMs = median(this.#lagsMs.splice(0));
    return {
      heapBytes: metrics("talkme_heap_used_bytes"),
      residentBytes: metrics("process_resident_memory_bytes"),
      files: metrics("process_open_fds"),
      resources: metrics("talkme_active_resources"),
      connections,
      lagMs,
    };
  }

  /** SIGTERM; its exit code. */
  async stop(): Promise<number | null> {
    this.#over.abort();
    await this.#looking;
    if (!this.runs) return this.#process.exitCode;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), stopDeadlineMs);
    await exited;
    clearTimeout(timer);
    return this.#process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    if (this.runs) {
      const exited = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await exited;
    }
    await this.#looking;
  }

  async #isReady(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.#httpPort}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** Scrapes each second, to find leaks in scraping too. */
  async #look(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted && this.runs) {
      await sleep(lookEveryMs, undefined, { signal }).catch(() => "over");
      const metrics = await this.#scrape().catch(() => null);
      if (metrics !== null) this.#lagsMs.push(metrics("talkme_event_loop_lag_p99_seconds") * 1000);
    }
  }

  async #scrape(): Promise<(name: string) => number> {
    const response = await fetch(`http://127.0.0.1:${this.#httpPort}/metrics`);
    const text = await response.text();
    return (name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  }
}
