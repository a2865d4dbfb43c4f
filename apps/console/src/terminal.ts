import type { ReadStream } from "node:tty";

/** What a command reads and writes. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly input: NodeJS.ReadableStream | ReadStream;
}
