import { Command, CommanderError, InvalidArgumentError } from "commander";

import { check, type CheckResult } from "./commands/check.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { run } from "./commands/run.ts";
import { status, watchStatus } from "./commands/status.ts";
import { tryCommand, type TryEnd } from "./commands/try.ts";
import type { TryOptions } from "./commands/try-message.ts";
import type { Terminal } from "./commands/terminal.ts";
import { ConfigurationError } from "./configuration-error.ts";
import type { Environment } from "./config/environment.ts";
import { describeDatabaseError } from "./database/database-fault.ts";
import { version } from "./version.ts";

/** Exit codes; 78 is EX_CONFIG of sysexits.h. */
const exitCode = { ok: 0, failure: 1, usage: 2, configuration: 78 } as const;

const codeOf: Readonly<Record<CheckResult, number>> = {
  works: exitCode.ok,
  fails: exitCode.failure,
  misconfigured: exitCode.configuration,
};

const codeOfTry: Readonly<Record<TryEnd, number>> = {
  accepted: exitCode.ok,
  not_accepted: exitCode.failure,
  wrong_usage: exitCode.usage,
};

interface StatusOptions {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly interval: number;
}

/**
 * Runs a command line. Never throws.
 *
 * @param stop Drains and ends `run`; ends `status --watch`.
 * @returns The exit code.
 */
export async function runCli(
  args: readonly string[],
  environment: Environment,
  stop: AbortSignal,
  terminal: Terminal,
): Promise<number> {
  let code: number = exitCode.ok;
  const program = new Command("syncd")
    .description("Sends each row of talkme.outbox to Talk.me once.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError("(syncd --help lists the commands)")
    .addHelpText("after", "\nSettings are environment variables; docs/configuration.md lists them.");

  program
    .command("run")
    .description("send rows until stopped (SIGTERM drains, a second signal stops at once)")
    .action(async () => {
      code = await run(environment, stop);
    });
  program
    .command("migrate")
    .description("create or upgrade the schema talkme")
    .option("--print", "print the pending SQL instead, for a DBA to run")
    .action(async (options: { print?: true }) => {
      await migrateCommand(environment, terminal, options.print === true);
    });
  program
    .command("check")
    .description("find what would keep `run` from working, or from working well; sends nothing")
    .option("--json", "print JSON")
    .option("--snapshot <seconds>", "report a database snapshot kept open for longer", seconds, 3600)
    .action(async ({ json = false, snapshot }: { json?: boolean; snapshot: number }) => {
      code = codeOf[await check(environment, terminal, { json, snapshotSeconds: snapshot })];
    });
  program
    .command("status")
    .description("show the outbox, the instances and what was not sent")
    .option("--json", "print JSON")
    .option("--watch", "refresh until Ctrl-C")
    .option("--interval <seconds>", "how often --watch refreshes", seconds, 2)
    .action(async ({ json = false, watch = false, interval }: StatusOptions) => {
      const watching = { json, intervalSeconds: interval, stop };
      await (watch ? watchStatus(environment, terminal, watching) : status(environment, terminal, json));
    });
  program
    .command("try")
    .description("send one real message outside the outbox; show the answer and how it is interpreted")
    .option("--to <number>", "the recipient's telephone number")
    .option("--campaign <id>", "id_campanha", identifier)
    .option("--channel <id>", "id_wpp", identifier)
    .option("--account <name>", "the sending account", "default")
    .option("--variable <name=value>", "a template variable of info_contato; may be repeated", collect, [])
    .option("--text <text>", "txtmsg, which an official channel ignores")
    .option("--email <address>", "the recipient's address, for e-mail campaigns")
    .option("--subject <text>", "the e-mail's subject")
    .option("--yes", "send without asking", false)
    .option("--json", "print JSON", false)
    .addHelpText(
      "after",
      "\nExits with 0 if it was accepted, 1 if not, 2 for wrong options, 78 for a wrong configuration." +
        "\nNeeds the settings of `run`, without TALKME_DATABASE_URL; with it, a suppressed recipient gets nothing.",
    )
    .action(async (options: TryOptions) => {
      code = codeOfTry[await tryCommand(environment, terminal, options)];
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    if (error instanceof ConfigurationError) {
      terminal.err(`${error.message}\n`);
      return exitCode.configuration;
    }
    terminal.err(`syncd: ${describeDatabaseError(error).message}\n`);
    return exitCode.failure;
  }
}

function identifier(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value))
    throw new InvalidArgumentError("Expected a number above 0.");
  return value;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) throw new InvalidArgumentError("Expected seconds above 0.");
  return value;
}
