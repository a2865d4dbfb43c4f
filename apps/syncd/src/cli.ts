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
import { help } from "./language/screens/help.ts";
import { languageOf, parseLanguage, type Language } from "./language/language.ts";
import { SpokenError } from "./language/spoken-error.ts";
import type { Text } from "./language/text.ts";
import { speaking } from "./speaking-command.ts";
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
  const language = wantedLanguage(args) ?? languageOf(environment);
  const spoken = (text: Text): string => text.in(language);
  const parsed = parsers(language);
  const program = speaking(new Command("syncd"), language, terminal)
    .description(spoken(help.program))
    .version(version, "-V, --version", spoken(help.version))
    .option("--lang <language>", spoken(help.language), parsed.language)
    .exitOverride()
    .showHelpAfterError(spoken(help.afterError))
    .addHelpText("after", spoken(help.settings));

  program
    .command("run")
    .description(spoken(help.run))
    .action(async () => {
      code = await run(environment, stop);
    });
  program
    .command("migrate")
    .description(spoken(help.migrate))
    .option("--print", spoken(help.printPending))
    .action(async (options: { print?: true }) => {
      await migrateCommand(environment, terminal, options.print === true);
    });
  program
    .command("check")
    .description(spoken(help.check))
    .option("--json", spoken(help.json))
    .option("--snapshot <seconds>", spoken(help.snapshot), parsed.seconds, 3600)
    .action(async ({ json = false, snapshot }: { json?: boolean; snapshot: number }) => {
      code = codeOf[await check(environment, terminal, { json, language, snapshotSeconds: snapshot })];
    });
  program
    .command("status")
    .description(spoken(help.status))
    .option("--json", spoken(help.json))
    .option("--watch", spoken(help.watch))
    .option("--interval <seconds>", spoken(help.interval), parsed.seconds, 2)
    .action(async ({ json = false, watch = false, interval }: StatusOptions) => {
      const shown = { json, language };
      const watching = { ...shown, intervalSeconds: interval, stop };
      await (watch ? watchStatus(environment, terminal, watching) : status(environment, terminal, shown));
    });
  program
    .command("try")
    .description(spoken(help.try))
    .option("--to <number>", spoken(help.to))
    .option("--campaign <id>", spoken(help.campaign), parsed.identifier)
    .option("--channel <id>", spoken(help.channel), parsed.identifier)
    .option("--account <name>", spoken(help.account), "default")
    .option("--variable <name=value>", spoken(help.variable), collect, [])
    .option("--text <text>", spoken(help.text))
    .option("--email <address>", spoken(help.email))
    .option("--subject <text>", spoken(help.subject))
    .option("--yes", spoken(help.yes), false)
    .option("--json", spoken(help.json), false)
    .addHelpText("after", spoken(help.tryEnds))
    .action(async (options: TryOptions) => {
      code = codeOfTry[await tryCommand(environment, terminal, options)];
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    if (error instanceof ConfigurationError) {
      terminal.err(`${error.in(language)}\n`);
      return exitCode.configuration;
    }
    const message = error instanceof SpokenError ? spoken(error.text) : describeDatabaseError(error).message;
    terminal.err(`syncd: ${message}\n`);
    return exitCode.failure;
  }
}

/** Before the command line is understood: its descriptions and errors are in this language too. Null where none is named. */
function wantedLanguage(args: readonly string[]): Language | null {
  const place = args.findLastIndex((arg) => /^--lang(?:=|$)/.test(arg));
  const named = place < 0 ? undefined : (args[place]?.split("=")[1] ?? args[place + 1]);
  return named === undefined ? null : parseLanguage(named);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function parsers(wanted: Language): {
  readonly identifier: (text: string) => number;
  readonly seconds: (text: string) => number;
  readonly language: (text: string) => Language;
} {
  const wrong = (text: Text): InvalidArgumentError => new InvalidArgumentError(text.in(wanted));
  return {
    identifier: (text) => {
      const value = Number(text);
      if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) throw wrong(help.numberAboveZero);
      return value;
    },
    seconds: (text) => {
      const value = Number(text);
      if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) throw wrong(help.secondsAboveZero);
      return value;
    },
    language: (text) => {
      const language = parseLanguage(text);
      if (language === null) throw wrong(help.eitherLanguage);
      return language;
    },
  };
}
