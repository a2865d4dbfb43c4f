/** Starts the daemon's real command line from its sources, isolated from this process's settings. */
export { neutralEnvironment } from "./neutral-environment.ts";
export { syncdCommand, type Command } from "./syncd-command.ts";
export { SyncdProcess, type Exit, type Source } from "./syncd-process.ts";
