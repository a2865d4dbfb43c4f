import { pino, type Logger } from "pino";

import type { Settings } from "../config/settings.ts";
import { LineSampler } from "./line-sampler.ts";

const leftOutMessage = "lines like this one were left out";
const tellEveryMs = 10_000;

export interface DaemonLog {
  readonly log: Logger;
  /** Tells what was left out since. */
  readonly end: () => void;
}

/**
 * JSON lines on standard output. What is logged of a row is its id and its masked number, never its recipient or its
 * variables; what is logged of an error is its code and message, never the object, which may hold a URL or an answer.
 *
 * Warnings and errors that repeat themselves are written 20 times a minute for each kind, and then counted; at `debug`
 * and `trace` all of them are written.
 *
 * @param onLeftOut Told of each line that was not written.
 */
export function createLog(level: Settings["logLevel"], version: string, onLeftOut: () => void): DaemonLog {
  const sampler = new LineSampler();
  const sampledFrom = pino.levels.values["warn"] ?? 0;
  const log = pino({
    level,
    base: { app: "syncd", version, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ["token", "*.token", "databaseUrl", "listenUrl", "password", "*.password"],
      censor: "[redacted]",
    },
    hooks: {
      logMethod(args, method, lineLevel) {
        const [fields, message] = typeof args[0] === "string" ? [{}, args[0]] : [args[0], args[1]];
        const isSampled = lineLevel >= sampledFrom && message !== leftOutMessage;
        if (isSampled && !this.isLevelEnabled("debug")) {
          const admitted = sampler.admits(lineLevel, String(message), Object(fields), performance.now());
          if (!admitted) {
            onLeftOut();
            return;
          }
        }
        method.apply(this, args);
      },
    },
  });
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
  };
  return { log, end };
}
