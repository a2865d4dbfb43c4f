import { readArguments, usage } from "./arguments.ts";
import { runDemo } from "./demo.ts";
import { Terminal } from "./printing/terminal.ts";
import { forgetOtherServers } from "./stage/own-environment.ts";

const command = readArguments(process.argv.slice(2));
switch (command.kind) {
  case "help":
    process.stdout.write(usage);
    break;
  case "misuse":
    process.stderr.write(`demo: ${command.problem}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case "run":
    forgetOtherServers(process.env);
    process.exitCode = await runDemo(new Terminal(process.stdout, process.stderr), command.serve);
}
