import { CommanderError, type Command } from "commander";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Reads a program's arguments into `command`, and does its work until a signal comes.
 *
 * @param work Has to end soon when its signal is aborted, and to leave nothing behind. Returns the exit code.
 * @returns The exit code: 2 for wrong arguments, which it has told of; 1 where the work failed.
 */
export async function runProgram(
  command: Command,
  args: readonly string[],
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const complain = (text: string): void => void process.stderr.write(`${command.name()}: ${text}\n`);
  const interruption = new AbortController();
  // A second one does nothing: the first is cleaning up, and what would be left behind are servers.
  const interrupt = (signal: NodeJS.Signals): void => {
    complain("stopping; what has begun takes up to 20 s to end …");
    interruption.abort(new Error(`stopped by ${signal}`));
  };
  try {
    // `pnpm chaos -- --seed 1` hands the two dashes on.
    command.exitOverride().parse(args[0] === "--" ? args.slice(1) : args, { from: "user" });
    for (const signal of signals) process.on(signal, interrupt);
    return await work(interruption.signal);
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
    const { aborted, reason } = interruption.signal;
    const error: unknown = aborted ? reason : cause;
    complain(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
