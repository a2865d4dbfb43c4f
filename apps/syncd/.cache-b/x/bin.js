#!/usr/bin/env node
// apps/syncd/src/bin.ts
const exitAtOnce = 1;
const stop = new AbortController();
const lasts = process.argv[2] === "run" || process.argv.includes("--watch");
/** The first signal drains `run` and ends a watch; a second one, or the first to anything else, ends all at once. */
function onSignal() {
  if (stop.signal.aborted || !lasts) process.exit(exitAtOnce);
  stop.abort();
}
process.on("SIGTERM", onSignal);
process.on("SIGINT", onSignal);
if (process.argv[2] === "run") for (const signal of ["SIGHUP", "SIGUSR2"]) process.on(signal, () => {});
/** Asks on standard error: standard output may go into a file. */
async function ask(question) {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({
    input: process.stdin,
    output: process.stderr,
  });
  lines.on("SIGINT", () => process.exit(exitAtOnce));
  const ended = new Promise((resolve) => lines.once("close", () => resolve("")));
  const answer = await Promise.race([lines.question(question), ended]);
  lines.close();
  return answer;
}
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
process.on("uncaughtException", (error) => {
  const frames =
    error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^ +at /.test(line)) : [];
  const name = error instanceof Error ? error.name : typeof error;
  process.stderr.write(`${["syncd: a defect ended it:", name, ...frames].join("\n")}\n`);
  process.exit(exitAtOnce);
});
const { runCli } = await import("./cli-CSQ-lnz8.js");
process.exitCode = await runCli(process.argv.slice(2), process.env, stop.signal, {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  screen: () => {
    const { isTTY, columns, rows } = process.stdout;
    return isTTY
      ? {
          columns,
          rows,
        }
      : null;
  },
  ask: process.stdin.isTTY ? ask : void 0,
});
export {};

//# sourceMappingURL=bin.js.map
