#!/usr/bin/env node
const exitAtOnce = 1;
const stop = new AbortController();

/** The first signal lets requests end; a second one ends the process at once. */
function onSignal(): void {
  if (stop.signal.aborted) process.exit(exitAtOnce);
  stop.abort();
}

// Before the other modules load: process 1 of a container loses a signal that has no handler.
process.on("SIGTERM", onSignal);
process.on("SIGINT", onSignal);

// Node would print the whole error, and a driver's error contains the row.
process.on("uncaughtException", (error: unknown) => {
  const frames =
    error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^ +at /.test(line)) : [];
  const name = error instanceof Error ? error.name : typeof error;
  process.stderr.write(`${["talkme-console: stopped by a defect:", name, ...frames].join("\n")}\n`);
  process.exit(exitAtOnce);
});

const { runCli } = await import("./cli.ts");

process.exitCode = await runCli(process.argv.slice(2), process.env, stop.signal, {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: process.stdin,
});
