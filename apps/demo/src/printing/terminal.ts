import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

const widestColumns = 100;
const narrowestColumns = 40;
const eraseLine = "\r\u001B[2K";

/** Where a person types. */
interface Prompt {
  print(text: string): void;
}

/** The demonstration's output: lines and, on a real terminal, one line that shows progress. */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  readonly #err: NodeJS.WriteStream;
  readonly #isLive: boolean;
  #showsUpdate = false;
  #prompt: Prompt | null = null;

  constructor(out: WriteStream, err: WriteStream) {
    this.#out = out;
    this.#err = err;
    this.#isLive = out.isTTY && process.env["TERM"] !== "dumb";
  }

  /** How wide text may be. */
  get columns(): number {
    // Some pseudo-terminals have no size, and say 0.
    const columns = this.#isLive && this.#out.columns > 0 ? this.#out.columns : widestColumns;
    return Math.min(Math.max(columns, narrowestColumns), widestColumns);
  }

  /** While there is a prompt, lines appear above it. */
  set prompt(prompt: Prompt | null) {
    this.#prompt = prompt;
  }

  /** A permanent line; replaces an update. */
  line(text = ""): void {
    this.#endUpdate();
    if (this.#prompt !== null) {
      this.#prompt.print(text);
      return;
    }
    this.#out.write(`${text}\n`);
  }

  /** Shows progress until the next line or update, but only on a terminal. */
  update(text: string): void {
    if (!this.#isLive) return;
    this.#out.write(`${eraseLine}${text.slice(0, this.columns - 1)}`);
    this.#showsUpdate = true;
  }

  /** A line for standard error. */
  complain(text: string): void {
    this.#endUpdate();
    this.#err.write(`${text}\n`);
  }

  /** Colours text on a terminal, unless NO_COLOR is set. */
  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#out });
  }

  /** Calls back when the reader is gone: `pnpm demo | head`. */
  onClosed(callback: (error: Error) => void): void {
    this.#out.on("error", callback);
    this.#err.on("error", callback);
  }

  #endUpdate(): void {
    if (this.#showsUpdate) this.#out.write(eraseLine);
    this.#showsUpdate = false;
  }
}
