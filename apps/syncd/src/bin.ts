#!/usr/bin/env node
const exitAtOnce = 1;
const stop = new AbortController();

const lasts = process.argv[2] === "run" || process.argv.includes("--watch");

/** The first signal drains `run` and ends a watch; a second one, or the first to anything else, ends all at once. */
function onSignal(): void {
  if (stop.signal.aborted || !lasts) process.exit(exitAtOnce);
  stop.abort();
}

// Before anything else is loaded: as process 1 of a container, a signal without a handler is lost.
process.on("SIGTERM", onSignal);
process.on("SIGINT", onSignal);

// A reload that is asked for before there is anything to reload, or a terminal that is closed, ends no daemon.
if (process.argv[2] === "run") for (const signal of ["SIGHUP", "SIGUSR2"]) process.on(signal, () => {});

/** Asks on standard error: standard output may go into a file. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on("SIGINT", () => process.exit(exitAtOnce));
  // The end of input, Ctrl-D, is no yes.
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  const answer = await Promise.race([lines.question(question), ended]);
  lines.close();
  return answer;
}
// Whoever reads may have gone: a daemon goes on without, and a command has nobody left to talk to.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

// Node would print all of it: a driver's error holds the row that it is about.
process.on("uncaughtException", (error: unknown) => {
  const frames =
    error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^ +at /.test(line)) : [];
  const name = error instanceof Error ? error.name : typeof error;
  process.stderr.write(`${["syncd: a defect ended it:", name, ...frames].join("\n")}\n`);
  process.exit(exitAtOnce);
});

const { runCli } = await import("./cli.ts");

process.exitCode = await runCli(process.argv.slice(2), process.env, stop.signal, {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  screen: () => {
    const { isTTY, columns, rows } = process.stdout;
    return isTTY ? { columns, rows } : null;
  },
  ask: process.stdin.isTTY ? ask : undefined,
});
