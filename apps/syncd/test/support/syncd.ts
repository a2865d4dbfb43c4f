import { defaultIdCliente, defaultToken } from "@talkme/simulator";
import { SyncdProcess, type Exit, type Source } from "@talkme/test-syncd";
import { onTestFinished, vi } from "vitest";

import { asDaemon } from "./daemon-login.ts";

interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Finished {
  readonly code: Exit;
  readonly out: string;
  readonly err: string;
}

/**
 * The real program as a separate process that inherits none of this one's settings. It connects as a member of
 * talkme_daemon, except to migrate, so that any test that needs a missing privilege finds it.
 */
export class Syncd {
  readonly #process: SyncdProcess;
  readonly log: LogLine[] = [];
  #out = "";
  #err = "";

  private constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    output?: number,
  ) {
    const onLine = (line: string, source: Source): void => {
      if (source === "stderr") {
        this.#err += `${line}\n`;
        return;
      }
      this.#out += `${line}\n`;
      if (line.startsWith('{"level"')) this.log.push(JSON.parse(line));
    };
    this.#process = new SyncdProcess(args, environmentOf(args[0], environment), onLine, output);
    onTestFinished(() => this.#process.signal("SIGKILL"));
  }

  /** Starts `syncd run` against a database and an API; `settings` are further variables. */
  static run(databaseUrl: string, baseUrl: string, settings: Readonly<Record<string, string>> = {}): Syncd {
    return new Syncd(["run"], { ...environmentFor(databaseUrl, baseUrl), ...settings });
  }

  /** The same with its standard output in an open file, which is not read here. */
  static runInto(
    output: number,
    databaseUrl: string,
    baseUrl: string,
    settings: Readonly<Record<string, string>> = {},
  ): Syncd {
    return new Syncd(["run"], { ...environmentFor(databaseUrl, baseUrl), ...settings }, output);
  }

  /** Starts any command. */
  static start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Syncd {
    return new Syncd(args, environment);
  }

  /** Runs any command to its end. */
  static async command(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Finished> {
    const syncd = new Syncd(args, environment);
    const code = await syncd.exit();
    return { code, out: syncd.output, err: syncd.errors };
  }

  get output(): string {
    return this.#out;
  }

  get errors(): string {
    return this.#err;
  }

  /** Waits for the first line with that message. */
  async logged(message: string): Promise<LogLine> {
    return vi.waitFor(
      () => {
        const found = this.log.find(({ msg }) => msg === message);
        if (found === undefined) throw new Error(`"${message}" is not logged:\n${this.#out}${this.#err}`);
        return found;
      },
      { timeout: 60_000 },
    );
  }

  /** The address of its HTTP server. */
  async http(): Promise<string> {
    return String((await this.logged("started"))["http"]);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Stops reading its output and closes the pipes. */
  closeOutput(): void {
    this.#process.closeOutput();
  }

  signal(name: NodeJS.Signals): void {
    this.#process.signal(name);
  }

  async exit(): Promise<Exit> {
    return this.#process.exited;
  }
}

/** The variables for a command: only `migrate` connects as the owner. */
export function environmentOf(
  command: string | undefined,
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (command === "migrate") return environment;
  const entries = Object.entries(environment);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      /^TALKME_(?:DATABASE|LISTEN)_URL$/.test(name) ? asDaemon(value) : value,
    ]),
  );
}

/** What every command that reads the whole configuration needs, fast enough for a test. */
export function environmentFor(databaseUrl: string, baseUrl: string): Record<string, string> {
  return {
    TALKME_DATABASE_URL: databaseUrl,
    TALKME_ID_CLIENTE: defaultIdCliente,
    TALKME_TOKEN: defaultToken,
    TALKME_BASE_URL: baseUrl,
    TALKME_RATE_PER_SECOND: "0",
    TALKME_BACKOFF_BASE_MS: "10",
    TALKME_BACKOFF_MAX_MS: "100",
    TALKME_POLL_INTERVAL_MS: "200",
    TALKME_HTTP_PORT: "0",
    TALKME_LOG_LEVEL: "debug",
  };
}
