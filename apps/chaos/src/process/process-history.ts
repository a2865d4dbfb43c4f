import type { Exit } from "@talkme/test-syncd";

import type { LoggedProcess } from "./logged-process.ts";

/** How an instance ended that was asked to. */
interface Stop {
  readonly exit: Exit;
  readonly tookMs: number;
  /** The database was away or locked meanwhile: only then may the stop be unclean. */
  readonly databaseWasDisturbed: boolean;
  /** Rows in `sending` that it left, right after it had ended. */
  readonly leftSending: number;
}

/** From SIGSTOP to SIGCONT; times in milliseconds since 1970. */
export interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
  /** An answer to a claim may have been lost meanwhile. */
  readonly databaseWasDisturbed: boolean;
}

/** What was done to a process of syncd, and how it ended. */
export interface ProcessHistory {
  readonly process: LoggedProcess;
  readonly pauses: Pause[];
  wasKilled: boolean;
  stop: Stop | null;
  /** Nobody had asked it to. */
  endedByItself: Exit | null;
}
