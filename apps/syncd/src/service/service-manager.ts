import { spawn } from "node:child_process";
import { once } from "node:events";

import type { Logger } from "pino";

import type { Environment } from "../config/environment.ts";
import { printable } from "../text/printable.ts";
import type { Health } from "./health.ts";

/** So that two may be late or lost. */
const feedsPerTimeout = 3;
/** How often the status is sent without a watchdog. */
const usualPeriodMs = 20_000;
/** Usually enough to reach the database. */
const firstWordMs = 2000;

/**
 * Notifies systemd, if it started this process, of readiness and status, and feeds its watchdog while the loop makes
 * progress. Does nothing elsewhere.
 *
 * Node has no Unix datagram sockets, so `systemd-notify` sends the messages (`NotifyAccess=all`), with an environment that
 * contains no secret.
 */
export class ServiceManager {
  readonly #socket: string | undefined;
  readonly #watchdogMs: number | null;
  readonly #path: string;
  readonly #health: Pick<Health, "live" | "ready">;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;
  #isStarving = false;
  #isClosed = false;

  constructor(environment: Environment, health: Pick<Health, "live" | "ready">, log: Logger) {
    this.#socket = environment["NOTIFY_SOCKET"];
    this.#watchdogMs = watchdogMs(environment);
    this.#path = environment["PATH"] ?? "/usr/bin:/bin";
    this.#health = health;
    this.#log = log;
  }

  /** Reports READY, because settings are right and probes answer; then reports the status regularly. */
  start(stop: AbortSignal): void {
    if (this.#socket === undefined) return;
    stop.addEventListener("abort", () => void this.#notify("STOPPING=1", this.#status()), { once: true });
    void this.#notify("READY=1", this.#status());
    const periodMs = this.#watchdogMs === null ? usualPeriodMs : this.#watchdogMs / feedsPerTimeout;
    this.#next(Math.min(firstWordMs, periodMs), periodMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** One at a time: `systemd-notify` waits up to 5 s for systemd to take the message. */
  #next(waitMs: number, periodMs: number): void {
    const report = async (): Promise<void> => {
      const startedAtMs = performance.now();
      await this.#feed();
      this.#next(Math.max(0, periodMs - (performance.now() - startedAtMs)), periodMs);
    };
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void report(), waitMs).unref();
  }

  async #feed(): Promise<void> {
    const { ok, reasons } = this.#health.live();
    const isFed = ok && this.#watchdogMs !== null;
    if (!ok && !this.#isStarving && this.#watchdogMs !== null) {
      this.#log.error({ reasons }, "stopped feeding systemd's watchdog");
    }
    this.#isStarving = !ok;
    await (isFed ? this.#notify("WATCHDOG=1", this.#status()) : this.#notify(this.#status()));
  }

  /** For `systemctl status`. */
  #status(): string {
    const { ok, reasons } = this.#health.ready();
    return `STATUS=${ok ? "ready" : printable(reasons.join("; "))}`;
  }

  /** Never fails and does not keep the process alive; its last message may still be on the way when it exits. */
  async #notify(...messages: readonly string[]): Promise<void> {
    const failure = await this.#runNotify(messages).then(
      (code) => (code === 0 ? null : `systemd-notify failed (${String(code)})`),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (failure !== null && !this.#hasFailed) this.#log.warn({ reason: failure }, "cannot notify systemd");
    this.#hasFailed ||= failure !== null;
  }

  /** @returns Its exit code. Also rejects if `spawn` throws, for example without memory for another process. */
  async #runNotify(messages: readonly string[]): Promise<unknown> {
    const child = spawn("systemd-notify", messages, {
      env: { PATH: this.#path, NOTIFY_SOCKET: this.#socket },
      stdio: "ignore",
    });
    child.unref();
    const [code]: unknown[] = await once(child, "exit");
    return code;
  }
}

/** Null without a watchdog, or if it watches another process, such as a wrapper that started this one. */
function watchdogMs(environment: Environment): number | null {
  const micros = Number(environment["WATCHDOG_USEC"]);
  const pid = environment["WATCHDOG_PID"];
  if (!(micros > 0) || (pid !== undefined && pid !== String(process.pid))) return null;
  return micros / 1000;
}
