import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export interface ProgramOptions {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Null: runs as the user of this process. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
}

/** Only its last lines are of interest, when it fails. */
const keptCharacters = 2_000_000;

/** A program that runs until it is killed, with the end of its output. */
export class RunningProgram {
  readonly #process: ChildProcess;
  readonly #command: string;
  #output = "";

  constructor({ command, env = {}, cwd, user }: ProgramOptions) {
    const [program = "", ...args] = command;
    this.#command = command.join(" ");
    this.#process = spawn(program, args, {
      ...user,
      cwd,
      env: { ...process.env, LC_ALL: "C", TZ: "UTC", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#process.once("error", (error) => this.#keep(String(error)));
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => this.#keep(text));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get hasEnded(): boolean {
    const { pid, exitCode, signalCode } = this.#process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  /** The end of what it wrote. */
  get output(): string {
    return this.#output;
  }

  signal(name: NodeJS.Signals): void {
    if (!this.hasEnded) this.#process.kill(name);
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.#process, "exit");
    this.signal("SIGKILL");
    await ended;
  }

  /**
   * Waits until it answers.
   *
   * @throws with the end of its output, if it ends or does not answer in time.
   */
  async answers(ask: () => Promise<boolean>, deadlineMs = 60_000): Promise<void> {
    const endMs = performance.now() + deadlineMs;
    while (!(await ask().catch(() => false))) {
      const isLate = performance.now() > endMs;
      if (this.hasEnded || isLate)
        throw new Error(
          `${this.#command} ${isLate ? "does not answer" : "has ended"}:\n${this.#output.slice(-4000)}`,
        );
      await sleep(50);
    }
  }

  #keep(text: string): void {
    this.#output = `${this.#output}${text}`.slice(-keptCharacters);
  }
}
