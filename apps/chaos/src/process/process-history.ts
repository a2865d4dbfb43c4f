import type { Exit } from "@talkme/test-syncd";

import type { LoggedProcess } from "./logged-process.ts";

/** How an instance ended after a SIGTERM. */
interface Stop {
  readonly exit: Exit;
  readonly tookMs: number;
  /** The database was away or locked during the stop, which alone excuses an unclean one. */
  readonly databaseWasDisturbed: boolean;
  /** Rows in `sending` that it left behind. */
  readonly leftSending: number;
}

/** From SIGSTOP to SIGCONT; times in milliseconds since 1970. */
export interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
  /** The result of a claim may have been lost during it. */
  readonly databaseWasDisturbed: boolean;
}

/** What was done to a process of syncd, and how it ended. */
export interface ProcessHistory {
  readonly process: LoggedProcess;
  readonly pauses: Pause[];
  wasKilled: boolean;
  stop: Stop | null;
  /** It ended without being asked to. */
  endedByItself: Exit | null;
}
