import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

export type SyncdProcess = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts the real command line of syncd, as the scripts in package.json do.
 *
 * It gets a process group of its own: Ctrl-C reaches every process of the terminal's group, and the daemon would
 * take it and the SIGTERM that follows for the order to stop at once.
 */
export function spawnSyncd(
  command: "migrate" | "run",
  settings: Readonly<Record<string, string>>,
): SyncdProcess {
  const bin = fileURLToPath(new URL("bin.ts", import.meta.resolve("@talkme/syncd")));
  return spawn(process.execPath, ["--conditions=@talkme/source", bin, command], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}
