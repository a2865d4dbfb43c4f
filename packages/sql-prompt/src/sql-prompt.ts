import { clearScreenDown, createInterface, cursorTo, moveCursor, type Interface } from "node:readline";

import { helpText } from "./help-text.ts";
import { readShortcut, type Shortcut } from "./shortcut.ts";
import type { SqlSession } from "./sql-session.ts";
import { StatementReader, type Pending } from "./statement-reader.ts";

export interface PromptOptions {
  readonly session: SqlSession;
  /** A terminal, a pipe or a file. */
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly shortcuts?: readonly Shortcut[];
}

/** `quit`: the person has had enough. `ended`: a pipe or a file has no more lines. */
export type PromptEnd = "quit" | "ended";

const marks: Readonly<Record<Pending, string>> = {
  none: "=",
  statement: "-",
  text: "'",
  name: '"',
  dollars: "$",
  comment: "*",
};

/** Reads statements and shortcuts line by line, executes them one after the other, and shows what the server says. */
export class SqlPrompt {
  readonly #session: SqlSession;
  readonly #output: NodeJS.WritableStream;
  readonly #shortcuts: readonly Shortcut[];
  readonly #lines: Interface;
  readonly #isTerminal: boolean;
  readonly #reader = new StatementReader();
  readonly #waiting: string[] = [];
  readonly #end = Promise.withResolvers<PromptEnd>();
  #works = false;
  #executes = false;
  #isClosed = false;
  #quits = false;
  #failed = false;

  /** Shows its first prompt at once, where somebody is at the terminal. */
  constructor({ session, input, output, shortcuts = [] }: PromptOptions) {
    this.#session = session;
    this.#output = output;
    this.#shortcuts = shortcuts;
    this.#isTerminal = input.isTTY === true && output.isTTY === true;
    this.#lines = createInterface({ input, output, terminal: this.#isTerminal });
    this.#lines.on("line", (line) => {
      this.#waiting.push(line);
      void this.#work();
    });
    this.#lines.on("SIGINT", () => this.#interrupted());
    this.#lines.on("close", () => {
      this.#isClosed = true;
      void this.#work();
    });
    this.#ask();
  }

  /** Resolves when nothing more will be executed. */
  get ended(): Promise<PromptEnd> {
    return this.#end.promise;
  }

  /** Whether a statement has failed. */
  get hasFailed(): boolean {
    return this.#failed;
  }

  /** Prints beside what is being typed. */
  print(text: string): void {
    if (!this.#isTerminal || this.#works || this.#isClosed) {
      this.#output.write(`${text}\n`);
      return;
    }
    const { rows } = this.#lines.getCursorPos();
    moveCursor(this.#output, 0, -rows);
    cursorTo(this.#output, 0);
    clearScreenDown(this.#output);
    // The prompt goes up again by as many rows as the line had.
    this.#output.write(`${text}\n${"\n".repeat(rows)}`);
    this.#lines.prompt(true);
  }

  /** Gives the terminal back. What has not begun is not executed. */
  close(): void {
    this.#quits = true;
    this.#lines.close();
  }

  /** One line at a time: statements that are typed or pasted meanwhile wait. */
  async #work(): Promise<void> {
    if (this.#works) return;
    this.#works = true;
    while (!this.#quits) {
      const line = this.#waiting.shift();
      if (line === undefined) break;
      await this.#take(line);
    }
    if (this.#isClosed && !this.#quits) await this.#takeRest();
    this.#works = false;
    if (this.#quits || this.#isClosed) this.#finish();
    else this.#ask();
  }

  #finish(): void {
    if (!this.#isClosed) this.#lines.close();
    this.#end.resolve(this.#quits || this.#isTerminal ? "quit" : "ended");
  }

  async #take(line: string): Promise<void> {
    const { pending } = this.#reader;
    if (pending === "none" || pending === "statement") {
      const command = /^\\\S*/.exec(line.trim())?.[0];
      if (command !== undefined) return this.#command(command);
    }
    if (pending === "none") {
      const word = line.trim().toLowerCase().replace(/;$/, "");
      if (word === "quit" || word === "exit") return this.#command(String.raw`\q`);
      if (word === "help") return this.#command(String.raw`\?`);
      const found = readShortcut(line, this.#shortcuts);
      if (found instanceof Error) return this.#refuse(found.message);
      if (found !== null) {
        this.#say(found);
        return this.#execute(found);
      }
    }
    if (pending === "statement" && line.trim() === "" && this.#isTerminal)
      this.#say(String.raw`A statement ends with a semicolon; \r forgets what was typed.`);
    for (const statement of this.#reader.push(line)) {
      if (!this.#quits) await this.#execute(statement);
    }
  }

  /** A pipe may leave out the last semicolon. */
  async #takeRest(): Promise<void> {
    const { pending } = this.#reader;
    const rest = this.#reader.clear();
    if (this.#isTerminal || pending === "none") return;
    if (pending === "statement") await this.#execute(rest.trim());
    else this.#refuse(`the input ends within a ${pending === "dollars" ? "text" : pending}`);
  }

  #command(command: string): void {
    switch (command) {
      case String.raw`\q`:
        this.#quits = true;
        return;
      case String.raw`\?`:
      case String.raw`\h`:
        this.#say(helpText(this.#shortcuts));
        return;
      case String.raw`\r`:
        this.#reader.clear();
        return;
      default:
        this.#refuse(`${command} is psql's; here, help lists what there is`);
    }
  }

  async #execute(statement: string): Promise<void> {
    this.#executes = true;
    const { ok, text } = await this.#session.execute(statement);
    this.#executes = false;
    this.#failed ||= !ok;
    this.#say(text);
    this.#quits ||= this.#session.isLost;
  }

  #refuse(message: string): void {
    this.#failed = true;
    this.#say(`ERROR:  ${message}`);
  }

  /** Ctrl-C cancels the statement that runs, forgets what is typed, or ends. */
  #interrupted(): void {
    if (this.#executes) {
      this.#session.cancel().catch((error: unknown) => this.#say(`It cannot be cancelled: ${String(error)}`));
    } else if (this.#lines.line !== "" || this.#reader.pending !== "none") {
      this.#reader.clear();
      this.#output.write("^C\n");
      this.#lines.write(null, { ctrl: true, name: "e" });
      this.#lines.write(null, { ctrl: true, name: "u" });
      this.#ask();
    } else {
      this.#quits = true;
      void this.#work();
    }
  }

  #ask(): void {
    if (!this.#isTerminal || this.#isClosed) return;
    const { transaction, database } = this.#session;
    const state = transaction === "open" ? "*" : transaction === "failed" ? "!" : "";
    this.#lines.setPrompt(`${database}${marks[this.#reader.pending]}${state}> `);
    this.#lines.prompt();
  }

  #say(text: string): void {
    this.#output.write(`${text}\n`);
  }
}
