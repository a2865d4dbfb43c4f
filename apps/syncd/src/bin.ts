#!/usr/bin/env node
const exitAtOnce = 1;
const stop = new AbortController();

const args = process.argv.slice(2);
const isRun = args.find((arg, place) => !arg.startsWith("-") && args[place - 1] !== "--lang") === "run";
const lasts = isRun || args.includes("--watch");

/** The first signal drains `run` and ends a watch. A second one, or any signal to another command, ends it at once. */
function onSignal(): void {
  if (stop.signal.aborted || !lasts) process.exit(exitAtOnce);
  stop.abort();
}

// Before the other modules load: process 1 of a container loses a signal that has no handler.
process.on("SIGTERM", onSignal);
process.on("SIGINT", onSignal);

// Neither an early reload nor a closed terminal may end the daemon.
if (isRun) for (const signal of ["SIGHUP", "SIGUSR2"]) process.on(signal, () => {});

/** Asks on standard error: standard output may be a file. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on("SIGINT", () => process.exit(exitAtOnce));
  // Ctrl-D ends the input without an answer, which is not a yes.
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  const answer = await Promise.race([lines.question(question), ended]);
  lines.close();
  return answer;
}
// The reader may be gone: a daemon continues without it, and a command has nobody left to write to.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

// Node would print the whole error, and a driver's error contains the row.
process.on("uncaughtException", (error: unknown) => {
  const frames =
    error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^ +at /.test(line)) : [];
  const name = error instanceof Error ? error.name : typeof error;
  process.stderr.write(`${["syncd: stopped by a defect:", name, ...frames].join("\n")}\n`);
  process.exit(exitAtOnce);
});

const { runCli } = await import("./cli.ts");

process.exitCode = await runCli(args, process.env, stop.signal, {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  screen: () => {
    const { isTTY, columns, rows } = process.stdout;
    return isTTY ? { columns, rows } : null;
  },
  ask: process.stdin.isTTY ? ask : undefined,
});
