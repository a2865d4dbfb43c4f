import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const lists = "/var/lib/apt/lists";

/** Gives up a silent mirror instead of keeping a test waiting. */
const patience = ["-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20"];
const longestMs = 300_000;

/** Debian's tools failed; the message says why. */
class AptError extends Error {
  override readonly name = "AptError";
}

/**
 * Downloads the version of a package that the machine would install into a folder, and unpacks it below `root`.
 *
 * @returns The package's name and version, such as `pgbouncer_1.18.0-1`.
 * @throws {AptError} if it fails.
 */
export async function unpackPackage(name: string, folder: string, root: string): Promise<string> {
  await call("apt-get", ["download", "--quiet=2", ...patience, name], folder);
  const file = (await readdir(folder)).find(
    (found) => found.startsWith(`${name}_`) && found.endsWith(".deb"),
  );
  if (file === undefined) throw new AptError(`apt-get download ${name} downloaded nothing.`);
  await call("dpkg-deb", ["--extract", join(folder, file), root], folder);
  return file.replace(/_[^_]*\.deb$/, "");
}

/**
 * The further packages that installing these would bring.
 *
 * @throws {AptError} if they cannot be listed.
 */
export async function lackingDependencies(
  names: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const plan = await call("apt-get", ["install", "--simulate", "--no-install-recommends", ...names], folder);
  // An installed version in brackets would be an upgrade.
  const added = [...plan.matchAll(/^Inst (\S+) \(/gm)].flatMap(([, one]) => one ?? []);
  return added.filter((one) => !names.includes(one));
}

/** Whether the machine has lists of packages. */
export async function hasLists(): Promise<boolean> {
  const files = await readdir(lists).catch(() => []);
  return files.some((file) => file.includes("_Packages"));
}

/**
 * Downloads the lists of packages; needs root. A second process at the same time waits.
 *
 * @throws {AptError} if it fails.
 */
export async function fetchLists(folder: string): Promise<void> {
  await call(
    "flock",
    [join(folder, "apt-update.lock"), "apt-get", "update", "--quiet=2", ...patience],
    folder,
  );
}

async function call(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    const { stdout } = await run(program, args, { cwd, env, timeout: longestMs });
    return stdout;
  } catch (cause) {
    const command = [program, ...args.filter((arg) => !patience.includes(arg))].join(" ");
    throw new AptError(`${command}: ${reasonOf(cause, program)}`, { cause });
  }
}

function reasonOf(cause: unknown, program: string): string {
  if (!(cause instanceof Error)) return String(cause);
  if ("code" in cause && cause.code === "ENOENT") return `this machine has no ${program}`;
  const output = "stderr" in cause && typeof cause.stderr === "string" ? cause.stderr : "";
  const errors = output.split("\n").filter((line) => /^(?:E:|dpkg-deb: error)/.test(line));
  return errors.length === 0 ? cause.message : errors.join(" ");
}
