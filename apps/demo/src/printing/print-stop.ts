import { colourOf } from "./status-words.ts";
import type { Terminal } from "./terminal.ts";
import { wrapped } from "./wrapped.ts";

/** Prints that rows stop being sent or go on, why, and what to do. */
export function printStop(
  terminal: Terminal,
  {
    text,
    reason,
    waitMs,
  }: { readonly text: string; readonly reason: string | null; readonly waitMs: number | null },
): void {
  const goesOn = text.startsWith("circuit closed");
  terminal.line(terminal.paint(goesOn ? "green" : colourOf("unknown"), `! ${text}`));
  const wait = waitMs === null ? null : `It is tried again in ${duration(waitMs)}.`;
  for (const sentence of [reason, wait].filter((one) => one !== null)) {
    for (const line of wrapped(sentence, terminal.columns - 2)) terminal.line(`  ${line}`);
  }
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
}
