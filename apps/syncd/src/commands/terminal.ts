import type { Screen } from "../text/frame.ts";

/** Where a command writes for people; the daemon itself logs to standard output. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Its size now; null where `out` is a file or a pipe. */
  readonly screen: () => Screen | null;
  /** Asks a person; absent where nobody is at the terminal. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
}
