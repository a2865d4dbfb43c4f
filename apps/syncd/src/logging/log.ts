import { pino, type Logger, type LoggerOptions } from "pino";

import type { Settings } from "../config/settings.ts";
import { boundedLine } from "./bounded-line.ts";
import { LineClock } from "./line-clock.ts";
import { LineSampler } from "./line-sampler.ts";
import { LineWriter } from "./line-writer.ts";

const leftOutMessage = "lines like this one were left out";
const droppedMessage = "log lines were dropped, because nobody took them";
const tellEveryMs = 10_000;

export interface DaemonLog {
  readonly log: Logger;
  /**
   * For the lines of rows, thousands in a second. Nothing in them is redacted, which would take half of a line's time: they
   * say no more than `aboutRow` and what became of it.
   */
  readonly rowLog: Logger;
  readonly setLevel: (level: Settings["logLevel"]) => void;
  /** Tells what was left out since, and writes what is left. */
  readonly end: () => void;
}

/**
 * JSON lines on standard output. What is logged of a row is its id and its masked number, never its recipient or its
 * variables; what is logged of an error is its code and message, never the object, which may hold a URL or an answer.
 *
 * No line is longer than 8 KB. Warnings and errors that repeat themselves are written 20 times a minute for each kind, and then counted; at `debug`
 * and `trace` all of them are written.
 *
 * Never blocks: while nobody reads them lines are kept, then dropped (`LineWriter`).
 *
 * @param onLeftOut Told of each line that was not written.
 * @param onDropped Told of each line that was dropped, because nobody took those before it.
 */
export function createLog(
  level: Settings["logLevel"],
  version: string,
  onLeftOut: () => void,
  onDropped: () => void,
): DaemonLog {
  const sampler = new LineSampler();
  const sampledFrom = pino.levels.values["warn"] ?? 0;
  const writer = new LineWriter({
    onDropped,
    onFlowing: (dropped) => log.warn({ dropped }, droppedMessage),
  });
  const options: LoggerOptions = {
    level,
    base: { app: "syncd", version, pid: process.pid },
    timestamp: new LineClock().field,
    formatters: { level: (label) => ({ level: label }) },
    hooks: {
      streamWrite: boundedLine,
      logMethod(args, method, lineLevel) {
        if (lineLevel >= sampledFrom && !this.isLevelEnabled("debug")) {
          const [fields, message] = typeof args[0] === "string" ? [{}, args[0]] : [args[0], args[1]];
          const isSampled = message !== leftOutMessage && message !== droppedMessage;
          if (isSampled && !sampler.admits(lineLevel, String(message), Object(fields), performance.now())) {
            onLeftOut();
            return;
          }
        }
        method.apply(this, args);
      },
    },
  };
  const redact = {
    paths: ["token", "*.token", "databaseUrl", "listenUrl", "password", "*.password"],
    censor: "[redacted]",
  };
  const log = pino({ ...options, redact }, writer);
  const rowLog = pino(options, writer);
  const setLevel = (to: Settings["logLevel"]): void => {
    log.level = to;
    rowLog.level = to;
  };
  const tell = (nowMs?: number): void => {
    for (const { kind, leftOut } of sampler.takeLeftOut(nowMs)) {
      const { message, level: lineLevel, fields } = kind;
      const line = { ...fields, line: message, left_out: leftOut };
      if (lineLevel > sampledFrom) log.error(line, leftOutMessage);
      else log.warn(line, leftOutMessage);
    }
  };
  const timer = setInterval(() => tell(performance.now()), tellEveryMs).unref();
  const end = (): void => {
    clearInterval(timer);
    tell();
    writer.end();
  };
  return { log, rowLog, setLevel, end };
}
