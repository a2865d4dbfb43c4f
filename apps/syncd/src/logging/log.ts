import { pino, type Logger, type LoggerOptions } from "pino";

import type { Settings } from "../config/settings.ts";
import { boundedLine } from "./bounded-line.ts";
import { LineClock } from "./line-clock.ts";
import { LineSampler } from "./line-sampler.ts";
import { LineWriter } from "./line-writer.ts";

const leftOutMessage = "repeated lines were left out";
const droppedMessage = "log lines were dropped because standard output was blocked";
const reportEveryMs = 10_000;

export interface DaemonLog {
  readonly log: Logger;
  /**
   * For the lines about rows, thousands a second. Does not redact, which would take half of a line's time: log only
   * `aboutRow` and the outcome with it.
   */
  readonly rowLog: Logger;
  readonly setLevel: (level: Settings["logLevel"]) => void;
  /** Reports the lines left out and writes what is buffered. */
  readonly end: () => void;
}

/**
 * JSON lines on standard output. Of a row they show its id and masked number, never its recipient or variables; of an
 * error its code and message, never the object, which may contain a URL or an answer.
 *
 * No line is longer than 8 KB. Repeated warnings and errors are written 20 times a minute for each kind, then counted;
 * at `debug` and `trace` all of them are written.
 *
 * Never blocks: while nobody reads, lines are buffered, then dropped (`LineWriter`).
 *
 * @param onLeftOut Called for each repeated line that was left out.
 * @param onDropped Called for each line that was dropped.
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
  const reportLeftOut = (nowMs?: number): void => {
    for (const { kind, leftOut } of sampler.takeLeftOut(nowMs)) {
      const { message, level: lineLevel, fields } = kind;
      const line = { ...fields, line: message, left_out: leftOut };
      if (lineLevel > sampledFrom) log.error(line, leftOutMessage);
      else log.warn(line, leftOutMessage);
    }
  };
  const timer = setInterval(() => reportLeftOut(performance.now()), reportEveryMs).unref();
  const end = (): void => {
    clearInterval(timer);
    reportLeftOut();
    writer.end();
  };
  return { log, rowLog, setLevel, end };
}
