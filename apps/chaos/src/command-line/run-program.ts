import { CommanderError, type Command } from "commander";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Parses a program's arguments into `command` and runs its work until a signal comes.
 *
 * @param work Must end soon after its signal is aborted, without leaving anything behind. Returns the exit code.
 * @returns The exit code: 2 for wrong arguments, which were reported; 1 if the work failed.
 */
export async function runProgram(
  command: Command,
  args: readonly string[],
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const complain = (text: string): void => void process.stderr.write(`${command.name()}: ${text}\n`);
  const interruption = new AbortController();
  // A second signal does nothing: ending the clean-up of the first would leave servers behind.
  const interrupt = (signal: NodeJS.Signals): void => {
    complain("stopping, which takes up to 20 s …");
    interruption.abort(new Error(`stopped by ${signal}`));
  };
  try {
    // `pnpm chaos -- --seed 1` passes the two dashes on.
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
