import { ConfigurationError } from "../configuration-error.ts";
import { reloadInto, type Reloaded } from "../config/reloadable.ts";
import type { Settings } from "../config/settings.ts";
import type { DaemonLog } from "../logging/log.ts";

/** A change of these needs new clients. */
const requestSettings: ReadonlySet<string> = new Set([
  "accounts",
  "api",
  "concurrency",
  "request_timeout_ms",
]);

/** Reloads settings while the daemon runs, and switches `debug` logging. */
export class Reloader {
  #settings: Settings;
  #isDebugging = false;
  readonly #log: DaemonLog["log"];
  readonly #setLogLevel: DaemonLog["setLevel"];
  readonly #read: () => Settings;
  readonly #apply: (settings: Settings, needsClients: boolean) => void;

  /**
   * @param apply Puts the settings into force, with new clients if `needsClients`: completely, or not at all with a
   *   ConfigurationError.
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

  /** Reads the configuration again; if it is wrong, nothing changes. */
  reload(): void {
    let reloaded: Reloaded;
    try {
      reloaded = reloadInto(this.#settings, this.#read());
      const needsClients = reloaded.changed.some((name) => requestSettings.has(name));
      this.#apply(reloaded.settings, needsClients);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.#log.error(
        { problems: error.problems.map((found) => found.in("en")) },
        "configuration not reloaded: it is wrong",
      );
      return;
    }
    const { settings, changed, needRestart } = reloaded;
    // Only now: the next reload compares with what is in force.
    this.#settings = settings;
    this.#setLevel();
    this.#log.info({ changed, need_restart: needRestart }, "configuration reloaded");
  }

  /** Switches `debug` on, or back to the configured level. */
  toggleDebug(): void {
    this.#isDebugging = !this.#isDebugging;
    this.#setLevel();
    this.#log.info({ log_level: this.#log.level }, "log level changed");
  }

  #setLevel(): void {
    this.#setLogLevel(this.#isDebugging ? "debug" : this.#settings.logLevel);
  }
}
