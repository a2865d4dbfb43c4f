import { SqlPrompt, SqlSession } from "@talkme/sql-prompt";

import { printManual } from "./printing/print-manual.ts";
import { printRows } from "./printing/print-rows.ts";
import { printStop } from "./printing/print-stop.ts";
import type { Terminal } from "./printing/terminal.ts";
import { watchRows } from "./rows/watch-rows.ts";
import { shortcuts } from "./shortcuts.ts";
import { Interrupted } from "./stage/interruption.ts";
import type { OpenConsole } from "./stage/open-console.ts";
import type { Stage } from "./stage/stage.ts";

/**
 * Keeps everything running until a signal comes or the person at the prompt quits; executes what is typed or piped in,
 * and shows what becomes of the rows.
 *
 * @throws The reason, if it is not a signal but the daemon's death.
 */
export async function serve(
  terminal: Terminal,
  stage: Stage,
  console: OpenConsole,
  signal: AbortSignal,
): Promise<void> {
  printManual(terminal, stage, console, shortcuts);
  await using session = await SqlSession.connect(stage.personUrl, (text) => terminal.line(text));
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const lastId = await stage.outbox.lastId();
  stage.daemon.onEvent((event) => {
    if (event.kind === "stop") printStop(terminal, event);
  });
  const prompt = new SqlPrompt({ session, input: process.stdin, output: process.stdout, shortcuts });
  terminal.prompt = prompt;
  try {
    void prompt.ended.then((end) => (end === "quit" ? stop.abort() : undefined));
    // Keeps the process alive by itself, whatever the servers do.
    await watchRows(stage.outbox, lastId, printRows(terminal), either);
  } finally {
    terminal.prompt = null;
    prompt.close();
    stage.daemon.onEvent(() => {});
  }
  if (signal.aborted && !(signal.reason instanceof Interrupted)) throw signal.reason;
  terminal.line();
}
