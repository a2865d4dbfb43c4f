import { pino, type Logger } from "pino";

import type { Settings } from "../config/settings.ts";

/**
 * JSON lines on standard output. What is logged of a row is its id, never its recipient or its variables; what is
 * logged of an error is its code and message, never the object, which may hold a URL or an answer.
 */
export function createLog(level: Settings["logLevel"], version: string): Logger {
  return pino({
    level,
    base: { app: "syncd", version, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ["token", "*.token", "databaseUrl", "listenUrl", "password", "*.password"],
      censor: "[redacted]",
    },
  });
}
