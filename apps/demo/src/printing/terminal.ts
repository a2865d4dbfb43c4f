import type { WriteStream } from "node:tty";
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

const widestColumns = 100;
const narrowestColumns = 40;
const eraseLine = "\r\u001B[2K";

/** Where the demonstration writes: lines, and on a real terminal one line that changes while something is under way. */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  readonly #err: NodeJS.WriteStream;
  readonly #isLive: boolean;
  #showsUpdate = false;

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

  /** A line that stays. It takes the place of an update. */
  line(text = ""): void {
    this.#endUpdate();
    this.#out.write(`${text}\n`);
  }

  /** What is happening now, until the next line or update. Not shown where the output is no terminal. */
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

  /** Colours text, unless the output is no terminal or NO_COLOR is set. */
  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#out });
  }

  /** Calls back once nobody reads any more: `pnpm demo | head`. */
  onClosed(callback: (error: Error) => void): void {
    this.#out.on("error", callback);
    this.#err.on("error", callback);
  }

  #endUpdate(): void {
    if (this.#showsUpdate) this.#out.write(eraseLine);
    this.#showsUpdate = false;
  }
}
