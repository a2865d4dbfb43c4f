import { fileURLToPath } from "node:url";

/** By path: the daemon's tests depend on this package, which therefore cannot depend on the daemon. */
const bin = fileURLToPath(new URL("../../../apps/syncd/src/bin.ts", import.meta.url));

/** The variable that names the bundle which tests start in place of the sources. */
export const bundleVariable = "SYNCD_BUNDLE";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * The command that starts `syncd` from its sources.
 *
 * @param nodeOptions Further options of Node.js.
 */
export function syncdCommand(args: readonly string[], nodeOptions: readonly string[] = []): Command {
  const file = process.env[bundleVariable] ?? bin;
  return { program: process.execPath, args: ["--conditions=@talkme/source", ...nodeOptions, file, ...args] };
}
