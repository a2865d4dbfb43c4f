import { demoCommand, type DemoArguments } from "./arguments.ts";
import { runDemo } from "./demo.ts";
import { Terminal } from "./printing/terminal.ts";
import { forgetOtherServers } from "./stage/own-environment.ts";

// `pnpm demo -- --serve` passes the two dashes on.
const args = process.argv.slice(process.argv[2] === "--" ? 3 : 2);
const { serve = false } = demoCommand().parse(args, { from: "user" }).opts<DemoArguments>();

forgetOtherServers(process.env);
process.exitCode = await runDemo(new Terminal(process.stdout, process.stderr), serve);
