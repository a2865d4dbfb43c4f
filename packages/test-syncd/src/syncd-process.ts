import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

import { neutralEnvironment } from "./neutral-environment.ts";
import { syncdCommand } from "./syncd-command.ts";

/** How a process ended: its exit code, or the signal that killed it. */
export type Exit = number | NodeJS.Signals | "not started";

/** The stream of a line. */
export type Source = "stdout" | "stderr";

/**
 * `syncd` as a process of its own, with its output line by line.
 *
 * Has its own process group: Ctrl-C reaches the whole group of the terminal, and together with the following SIGTERM it
 * would make the daemon stop at once.
 */
export class SyncdProcess {
  readonly #process: ChildProcess;
  #hasExited = false;
  /** Resolves when it has ended and its last lines are read. */
  readonly exited: Promise<Exit>;

  /**
   * @param args The command and its options.
   * @param settings Its variables, in addition to the inherited ones.
   * @param output An open file for its standard output, which then is not read.
   */
  constructor(
    args: readonly string[],
    settings: Readonly<Record<string, string>>,
    onLine: (line: string, source: Source) => void,
    output?: number,
  ) {
    const command = syncdCommand(args);
    this.#process = spawn(command.program, command.args, {
      env: { ...neutralEnvironment(), ...settings },
      stdio: ["ignore", output ?? "pipe", "pipe"],
      detached: true,
    });
    this.exited = new Promise((resolve) => {
      const ended = (exit: Exit): void => {
        this.#hasExited = true;
        resolve(exit);
      };
      this.#process.once("error", () => ended("not started"));
      this.#process.once("close", (code, signal) => ended(code ?? signal ?? "not started"));
    });
    for (const source of ["stdout", "stderr"] as const) {
      const input = this.#process[source];
      if (input !== null) createInterface({ input }).on("line", (line) => onLine(line, source));
    }
  }

  /** 0 if it could not be started. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** Stops reading its output and closes the pipes. */
  closeOutput(): void {
    this.#process.stdout?.destroy();
    this.#process.stderr?.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }
}
