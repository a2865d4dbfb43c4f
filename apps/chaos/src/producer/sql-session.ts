import { createInterface } from "node:readline";

import { spawnSqlShell, type SqlShell, type SqlShellProgram } from "./psql.ts";

/** The result of a statement. */
export type SqlResult =
  | { readonly kind: "done"; readonly lines: readonly string[] }
  /** The server refused it: it took no effect. */
  | { readonly kind: "refused"; readonly sqlState: string }
  /** The connection was lost: whether it took effect is unknown. */
  | { readonly kind: "lost" };

const mark = "statement-done";

/** One connection of a producer, in a process of its own. One statement at a time. */
export class SqlSession {
  readonly #shell: SqlShell;
  readonly #exited: Promise<void>;
  #lines: string[] = [];
  #answer: ((result: SqlResult) => void) | null = null;
  #isOpen = true;

  constructor(program: SqlShellProgram, databaseUrl: string) {
    this.#shell = spawnSqlShell(program, databaseUrl);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exited = promise;
    const end = (): void => {
      this.#isOpen = false;
      this.#settle({ kind: "lost" });
      resolve();
    };
    this.#shell.once("error", end);
    this.#shell.once("close", end);
    // A statement for a shell that has just ended.
    this.#shell.stdin.on("error", () => {});
    // SQLSTATE distinguishes its errors.
    this.#shell.stderr.resume();
    createInterface(this.#shell.stdout).on("line", (line) => this.#read(line));
  }

  /** Whether it can take another statement; false once its connection was lost. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Runs a statement of one or more lines, without its semicolon. */
  async run(statement: string): Promise<SqlResult> {
    if (!this.#isOpen) return { kind: "lost" };
    const { promise, resolve } = Promise.withResolvers<SqlResult>();
    this.#answer = resolve;
    this.#shell.stdin.write(`${statement}\n;\n\\echo ${mark} :ERROR :SQLSTATE\n`);
    return promise;
  }

  /** Ends it; a running statement is lost. */
  async close(): Promise<void> {
    this.#shell.kill("SIGKILL");
    await this.#exited;
  }

  #read(line: string): void {
    if (!line.startsWith(`${mark} `)) {
      this.#lines.push(line);
      return;
    }
    const [, isError, sqlState = ""] = line.split(" ");
    const lines = this.#lines;
    this.#lines = [];
    this.#settle(isError === "false" ? { kind: "done", lines } : { kind: "refused", sqlState });
  }

  #settle(result: SqlResult): void {
    this.#answer?.(result);
    this.#answer = null;
  }
}
