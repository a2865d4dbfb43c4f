import { spawn } from "node:child_process";
import { once } from "node:events";

import type { Logger } from "pino";

import type { Environment } from "../config/environment.ts";
import { printable } from "../text/printable.ts";
import type { Health } from "./health.ts";

/** Two may be late or lost. */
const feedsPerTimeout = 3;
/** How often it is told how the service is, where there is no watchdog. */
const usualPeriodMs = 20_000;
/** By then the database has been reached, if all is well. */
const firstWordMs = 2000;

/**
 * systemd, where it has started this process: told that it is ready and how it is, and its watchdog fed while the loop
 * makes progress. Without it, all of this does nothing.
 *
 * Node has no datagram sockets of the file system, so `systemd-notify` tells it (`NotifyAccess=all`), with an environment
 * of its own: no secret is passed on.
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

  /** The service is up: its settings are right and its probes answer. From now on it is told how that is. */
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
    const tell = async (): Promise<void> => {
      const startedAtMs = performance.now();
      await this.#feed();
      this.#next(Math.max(0, periodMs - (performance.now() - startedAtMs)), periodMs);
    };
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void tell(), waitMs).unref();
  }

  async #feed(): Promise<void> {
    const { ok, reasons } = this.#health.live();
    const isFed = ok && this.#watchdogMs !== null;
    if (!ok && !this.#isStarving && this.#watchdogMs !== null) {
      this.#log.error({ reasons }, "systemd's watchdog is not fed any more");
    }
    this.#isStarving = !ok;
    await (isFed ? this.#notify("WATCHDOG=1", this.#status()) : this.#notify(this.#status()));
  }

  /** For `systemctl status`. */
  #status(): string {
    const { ok, reasons } = this.#health.ready();
    return `STATUS=${ok ? "ready" : printable(reasons.join("; "))}`;
  }

  /** Never fails, and keeps no process alive: one that ends leaves its last message on the way. */
  async #notify(...messages: readonly string[]): Promise<void> {
    const failure = await this.#runNotify(messages).then(
      (code) => (code === 0 ? null : `systemd-notify has failed (${String(code)})`),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (failure !== null && !this.#hasFailed) this.#log.warn({ reason: failure }, "systemd cannot be told");
    this.#hasFailed ||= failure !== null;
  }

  /** @returns Its exit code. Rejects also where `spawn` throws at once, as without memory for another process. */
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

/** Null where nobody watches, or somebody else is watched: a wrapper that started this process. */
function watchdogMs(environment: Environment): number | null {
  const micros = Number(environment["WATCHDOG_USEC"]);
  const pid = environment["WATCHDOG_PID"];
  if (!(micros > 0) || (pid !== undefined && pid !== String(process.pid))) return null;
  return micros / 1000;
}
