import { Command, CommanderError } from "commander";

import { addAccount, printAccounts, removeNamedAccount } from "./accounts-command.ts";
import { checkConsole } from "./check/check-command.ts";
import type { Environment } from "./config/environment.ts";
import { readSettings } from "./config/settings.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { runConsole } from "./main.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Exit codes; 78 is EX_CONFIG of sysexits.h. */
const exitCode = { ok: 0, failure: 1, usage: 2, configuration: 78 } as const;

/**
 * Runs a command line. Never throws.
 *
 * @param stop Ends the console.
 * @returns The exit code.
 */
export async function runCli(
  args: readonly string[],
  environment: Environment,
  stop: AbortSignal,
  terminal: Terminal,
): Promise<number> {
  const program = new Command("talkme-console")
    .description("The pages on which people watch what syncd sends, and decide what only a person can.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError("(talkme-console --help lists the commands)")
    .addHelpText("after", "\nSettings are environment variables; docs/console.md lists them.");

  program
    .command("run", { isDefault: true })
    .description("serve the pages until stopped")
    .action(async () => runConsole(readSettings(environment), stop));
  program
    .command("check")
    .description("find what would keep people from working; changes nothing")
    .action(async () => {
      if (!(await checkConsole(readSettings(environment), terminal))) throw new CheckFailed();
    });
  const account = program
    .command("account")
    .description("who logs in by a password (TALKME_CONSOLE_LOGIN=local)");
  account
    .command("add <name>")
    .description("create an account, or give it a new password, read from standard input")
    .option(
      "--role <role>",
      "the role of PostgreSQL that the person acts as; by default that of the same name",
    )
    .action(async (name: string, { role = name }: { role?: string }) =>
      addAccount(environment, { name, role }, terminal),
    );
  account
    .command("remove <name>")
    .description("remove an account and end its sessions")
    .action(async (name: string) => removeNamedAccount(environment, name, terminal));
  account
    .command("list")
    .description("list the accounts and their roles")
    .action(async () => printAccounts(environment, terminal));

  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode.ok;
  } catch (error) {
    if (error instanceof CheckFailed) return exitCode.failure;
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    terminal.err(`${messageOf(error)}\n`);
    return error instanceof ConfigurationError ? exitCode.configuration : exitCode.failure;
  }
}

/** It has said what. */
class CheckFailed extends Error {}

/** Never a driver's whole error, which may contain a row. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  return "severity" in error || "code" in error ? `The database refused: ${error.message}` : error.message;
}
