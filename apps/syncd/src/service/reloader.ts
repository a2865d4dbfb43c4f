import { ConfigurationError } from "../configuration-error.ts";
import { reloadInto, type Reloaded } from "../config/reloadable.ts";
import type { Settings } from "../config/settings.ts";
import type { DaemonLog } from "../logging/log.ts";

/** What a client is made of. */
const requestSettings: ReadonlySet<string> = new Set([
  "accounts",
  "api",
  "concurrency",
  "request_timeout_ms",
]);

/** Takes on settings while the daemon runs, and has it tell more for a while. */
export class Reloader {
  #settings: Settings;
  #isDebugging = false;
  readonly #log: DaemonLog["log"];
  readonly #setLogLevel: DaemonLog["setLevel"];
  readonly #read: () => Settings;
  readonly #apply: (settings: Settings, needsClients: boolean) => void;

  /**
   * @param apply Told what is to be in force from now on, and whether requests are made in another way. Does all of it,
   *   or throws a ConfigurationError and has done nothing.
   */
  constructor(
    settings: Settings,
    { log, setLevel }: DaemonLog,
    read: () => Settings,
    apply: (settings: Settings, needsClients: boolean) => void,
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#setLogLevel = setLevel;
    this.#read = read;
    this.#apply = apply;
  }

  /** Reads the configuration again; where it is wrong, everything stays as it is. */
  reload(): void {
    let reloaded: Reloaded;
    try {
      reloaded = reloadInto(this.#settings, this.#read());
      const needsClients = reloaded.changed.some((name) => requestSettings.has(name));
      this.#apply(reloaded.settings, needsClients);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.#log.error({ problems: error.problems }, "configuration not reloaded: it is wrong");
      return;
    }
    const { settings, changed, needRestart } = reloaded;
    // Only now: what is compared with at the next reload has to be in force.
    this.#settings = settings;
    this.#setLevel();
    this.#log.info({ changed, need_restart: needRestart }, "configuration reloaded");
  }

  /** `debug` until it is asked for again. */
  toggleDebug(): void {
    this.#isDebugging = !this.#isDebugging;
    this.#setLevel();
    this.#log.info({ log_level: this.#log.level }, "log level changed");
  }

  #setLevel(): void {
    this.#setLogLevel(this.#isDebugging ? "debug" : this.#settings.logLevel);
  }
}
