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

/** 0: it did what it was asked; 1: it failed; 2: it was called wrongly. */
export type ExitCode = 0 | 1 | 2;

/** Runs one command line (without node and script) to its end. Never throws: problems go to stderr. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = simulatorCommand(terminal);
  program
    .command("healthcheck")
    .description("ask a running simulator whether it is up; exit 0 or 1")
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
    // Commander has printed its own message already.
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
    .option("--faults <file>", "YAML or JSON: what goes wrong, and when")
    .option("--seed <number>", "decides every chance", integerBetween(0, maxInteger), defaults.seed)
    .option("--latency-ms <number>", "delay every answer", integerBetween(0, 3_600_000), 0)
    .option("--campaign <id:variables>", "one that exists, such as 123:nome,geral1; repeatable", addCampaign)
    .option(
      "--lock-after <number>",
      "consecutive 404s that lock the token; 0 = never",
      integerBetween(0, maxInteger),
      defaults.lockAfterConsecutiveNotFound,
    )
    .addOption(
      new Option("--success-shape <shape>", "how it says yes")
        .choices(successShapes)
        .default(defaults.successShape),
    )
    .option(
      "--idle-socket-timeout-ms <number>",
      "close kept-alive sockets that idle for so long",
      integerBetween(1, maxInteger),
    )
    .option("--no-ledger", "count accepted messages without keeping them")
    .option("--quiet", "no line per request")
    .action((values) => run(values, terminal));
}
