import type { DatabaseError } from "pg";

import type { RefusalListener, SampleListener } from "../rows/insert.ts";
import type { OutboxRow } from "../rows/outbox.ts";
import type { RefusedInsert, Sample } from "../rows/sample.ts";
import type { Announcer } from "../stage/stage.ts";
import { outcomeText, progressText } from "./outcome-text.ts";
import { colourOf } from "./status-words.ts";
import type { Terminal } from "./terminal.ts";
import { wrapped } from "./wrapped.ts";

const indent = "   ";
const nameColumns = 14;
const statusColumns = 9;
/** Shorter times are not shown. */
const noticeableMs = 50;

/** Reports the demonstration while it runs. */
export class Narrator implements Announcer {
  readonly #terminal: Terminal;
  #startedAtMs = performance.now();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  open(): void {
    this.#terminal.line(this.#bold("Talk.me from PostgreSQL: insert a row, and syncd sends it, once."));
    this.#terminal.line("A demonstration on this machine alone. Nothing is sent to anyone.");
    this.#terminal.line();
  }

  starting(what: string): void {
    this.#startedAtMs = performance.now();
    this.#terminal.update(`… ${what}`);
  }

  started(what: string, detail: string): void {
    const tookMs = performance.now() - this.#startedAtMs;
    const time = tookMs < noticeableMs ? "" : this.#dim(` (${(tookMs / 1000).toFixed(1)} s)`);
    this.#terminal.line(`${this.#terminal.paint("green", "✓")} ${what.padEnd(nameColumns)} ${detail}${time}`);
  }

  beginInserts(): void {
    this.#terminal.line();
    this.#section("A program, or a person in psql, inserts rows; the daemon does the rest.");
  }

  beginRefusedInserts(): void {
    this.#section("The table refuses what could never be sent, and what it already has.");
  }

  /** Shows the insert, and returns the observer of the rest. */
  tell(sample: Sample, number: number): SampleListener {
    this.#insert(String(number), sample);
    return {
      underWay: (row) => {
        const text = progressText(row);
        // A wait for the next try gets its own line; what lasts milliseconds does not.
        if (row.retryInMs !== null) this.#outcome(row, text);
        this.#terminal.update(`${indent}${row.status.padEnd(statusColumns)}${text}`);
      },
      atRest: (row) => {
        this.#outcome(row, outcomeText(row));
        this.#terminal.line();
      },
    };
  }

  tellRefused(insert: RefusedInsert): RefusalListener {
    this.#insert("–", insert);
    return {
      refused: (error) => this.#psqlError(error),
      skipped: () => {
        this.#terminal.line(`${indent}INSERT 0 0`);
        this.#terminal.line();
      },
    };
  }

  /** Reports the stop of the daemon. */
  async stopping(stop: () => Promise<void>): Promise<void> {
    this.starting("SIGTERM to syncd run");
    await stop();
    this.started("syncd run", "finished what it had begun after SIGTERM, and exited with 0");
  }

  #insert(number: string, { title, story, sql }: Sample | RefusedInsert): void {
    this.#terminal.line(this.#bold(`${number}  ${title}`));
    for (const line of wrapped(story, this.#terminal.columns - indent.length)) {
      this.#terminal.line(`${indent}${line}`);
    }
    for (const line of sql.split("\n")) this.#terminal.line(`${indent}${this.#terminal.paint("cyan", line)}`);
  }

  #outcome(row: OutboxRow, text: string): void {
    const continuation = " ".repeat(indent.length + statusColumns);
    const [first = "", ...more] = wrapped(text, this.#terminal.columns - continuation.length);
    const status = this.#bold(this.#terminal.paint(colourOf(row.status), row.status.padEnd(statusColumns)));
    this.#terminal.line(`${indent}${status}${first}`);
    for (const line of more) this.#terminal.line(`${continuation}${line}`);
  }

  /** As psql shows it, without the context, which only the check's author needs. */
  #psqlError({ severity = "ERROR", message, hint }: DatabaseError): void {
    const said = [`${severity}:  ${message}`, ...(hint === undefined ? [] : [`HINT:  ${hint}`])];
    for (const line of said.flatMap((text) => wrapped(text, this.#terminal.columns - indent.length))) {
      this.#terminal.line(`${indent}${this.#terminal.paint("red", line)}`);
    }
    this.#terminal.line();
  }

  #section(text: string): void {
    this.#terminal.line(this.#bold(text));
    this.#terminal.line();
  }

  #bold(text: string): string {
    return this.#terminal.paint("bold", text);
  }

  #dim(text: string): string {
    return this.#terminal.paint("dim", text);
  }
}
