import { Command, CommanderError, Option } from "commander";
import { defaultIdCliente, defaultToken } from "./api/accounts.ts";
import { successShapes } from "./api/success-shape.ts";
import { addCampaign } from "./command-line/campaign-argument.ts";
import { healthProblem } from "./command-line/healthcheck.ts";
import { integerBetween } from "./command-line/integer-argument.ts";
import { packageVersion } from "./command-line/package-version.ts";
import { run } from "./command-line/run.ts";
import type { Terminal } from "./command-line/terminal.ts";
import { UsageError } from "./command-line/usage-error.ts";
import { defaultSimulatorOptions } from "./server/simulator-options.ts";

const defaultPort = 8480;
const maxInteger = 0x7fff_ffff;

/** 0: success; 1: failure; 2: wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** Runs a command line (without node and script). Never throws: problems go to stderr. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = simulatorCommand(terminal);
  program
    .command("healthcheck")
    .description("check whether a simulator is running; exit 0 or 1")
    .argument("[url]", "its base URL", `http://127.0.0.1:${defaultPort}`)
    .action(async (url: string) => {
      const problem = await healthProblem(url);
      if (problem === null) return;
      terminal.complain(problem);
      exitCode = 1;
    });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has already printed its message.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.complain(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

function simulatorCommand(terminal: Terminal): Command {
  const defaults = defaultSimulatorOptions;
  return new Command("talkme-simulator")
    .description("A stand-in for api.talk.me. Stop it with Ctrl-C.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
    })
    .option("--port <number>", "0 = any free one", integerBetween(0, 65_535), defaultPort)
    .option("--host <address>", "0.0.0.0 in a container", defaults.host)
    .option("--id-cliente <id>", `or TALKME_ID_CLIENTE (default: "${defaultIdCliente}")`)
    .option("--token <token>", `or TALKME_TOKEN, which ps does not show (default: "${defaultToken}")`)
    .option("--faults <file>", "fault rules in YAML or JSON")
    .option("--seed <number>", "seed of every random choice", integerBetween(0, maxInteger), defaults.seed)
    .option("--latency-ms <number>", "delay every answer", integerBetween(0, 3_600_000), 0)
    .option(
      "--campaign <id:variables>",
      "an existing campaign, such as 123:nome,geral1; repeatable",
      addCampaign,
    )
    .option(
      "--lock-after <number>",
      "consecutive 404s that lock the token; 0 = never",
      integerBetween(0, maxInteger),
      defaults.lockAfterConsecutiveNotFound,
    )
    .addOption(
      new Option("--success-shape <shape>", "how it answers success")
        .choices(successShapes)
        .default(defaults.successShape),
    )
    .option(
      "--idle-socket-timeout-ms <number>",
      "close kept-alive sockets after this idle time",
      integerBetween(1, maxInteger),
    )
    .option("--no-ledger", "count accepted messages without keeping them")
    .option("--quiet", "print no line per request")
    .action((values) => run(values, terminal));
}
