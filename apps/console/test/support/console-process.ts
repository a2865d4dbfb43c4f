import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../src/bin.ts", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The environment without a developer's own settings. */
function environment(settings: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:TALKME_|PG)/.test(name));
  return { ...Object.fromEntries(inherited.map(([name, value]) => [name, value ?? ""])), ...settings };
}

function start(args: readonly string[], settings: Readonly<Record<string, string>>) {
  return spawn(process.execPath, ["--conditions=@talkme/source", bin, ...args], {
    env: environment(settings),
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs a command to its end. */
export async function runConsole(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  input = "",
): Promise<Finished> {
  const child = start(args, settings);
  const texts = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (texts.err += chunk.toString()));
  child.stdin.end(input);
  await once(child, "close");
  return { code: child.exitCode, ...texts };
}

/** The console as a process of its own. */
export class ConsoleProcess {
  readonly url: string;
  /** Every line that it has logged. */
  readonly lines: readonly string[];
  readonly #child: ReturnType<typeof start>;

  private constructor(child: ReturnType<typeof start>, url: string, lines: readonly string[]) {
    this.#child = child;
    this.url = url;
    this.lines = lines;
  }

  /** Resolves when it listens. */
  static async open(settings: Readonly<Record<string, string>>): Promise<ConsoleProcess> {
    const child = start([], { TALKME_CONSOLE_HTTP_PORT: "0", ...settings });
    const lines: string[] = [];
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        lines.push(line);
        const { msg, http }: { msg?: string; http?: string } = JSON.parse(line);
        if (msg === "started" && http !== undefined) resolve(http);
      });
      child.once("close", () => reject(new Error(`The console ended: ${complaint}${lines.join("\n")}`)));
    });
    return new ConsoleProcess(child, url, lines);
  }

  /** Asks it to stop; resolves to its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const closed = once(this.#child, "close");
      this.#child.kill("SIGTERM");
      await closed;
    }
    return this.#child.exitCode;
  }
}
