import { SyncdProcess, type Exit } from "@talkme/test-syncd";

const tailLines = 8;

/** An instance, or another command, with its log. */
export class LoggedProcess {
  readonly #process: SyncdProcess;
  readonly #lines: string[] = [];
  readonly #names = new Set<string>();
  readonly #sending = Promise.withResolvers<void>();

  constructor(command: "run" | "migrate", settings: Readonly<Record<string, string>>) {
    this.#process = new SyncdProcess([command], settings, (line) => this.#read(line));
    // Handled by those who wait for it to send, if any.
    this.#sending.promise.catch(() => "Whoever waits handles it.");
    void this.#noticeExit(command);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get hasExited(): boolean {
    return this.#process.hasExited;
  }

  get exited(): Promise<Exit> {
    return this.#process.exited;
  }

  /** Its registered names, as far as logged. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Resolves when it has registered; rejects if it ends first. */
  async sending(): Promise<void> {
    await this.#sending.promise;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.signal(name);
  }

  /** Its log lines about a row. */
  linesAbout(id: string): readonly string[] {
    return this.#lines.filter((line) => line.includes(`"${id}"`));
  }

  /** Its whole log. */
  get log(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** Its last lines. */
  tail(): string {
    return this.#lines.slice(-tailLines).join("\n");
  }

  async #noticeExit(command: string): Promise<void> {
    const exit = await this.exited;
    this.#sending.reject(
      new Error(`syncd ${command} ended (${exit}) before it sent anything:\n${this.tail()}`),
    );
  }

  #read(line: string): void {
    this.#lines.push(line);
    const { msg, instance, name } = parse(line);
    if (msg === "sending" && typeof instance === "string") {
      this.#names.add(instance);
      this.#sending.resolve();
    } else if (msg?.startsWith("was declared dead") === true && typeof name === "string") {
      this.#names.add(name);
    }
  }
}

interface LogLine {
  readonly msg?: string;
  readonly instance?: unknown;
  readonly name?: unknown;
}

function parse(line: string): LogLine {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
