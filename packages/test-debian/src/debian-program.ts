import { cacheFolders } from "./cache-folders.ts";
import type { DebianResult } from "./debian-result.ts";
import { findInstalled } from "./find-installed.ts";
import { unpackedProgram } from "./unpacked-program.ts";

const known = new Map<string, Promise<DebianResult>>();

/**
 * Finds a program of a Debian package without root and without installing anything: the installed one, or one downloaded
 * by `apt-get download` and unpacked into `node_modules/.cache/debian` with the libraries that it lacks. Looks once per
 * process, downloads once per clone.
 *
 * Never fails: if the program is unavailable, the result says why.
 *
 * @param packageName Debian's name, such as `pgbouncer`.
 * @param pathInPackage Such as `usr/sbin/pgbouncer`. A star may replace the processor's name in a library's folder. A
 *   program of that name in `PATH` or `/usr/sbin` is preferred.
 * @param others Further packages that the program reads files of, unpacked below the same folder.
 */
export async function debianProgram(
  packageName: string,
  pathInPackage: string,
  others: readonly string[] = [],
): Promise<DebianResult> {
  const key = `${packageName} ${pathInPackage}`;
  const result = known.get(key) ?? find(packageName, pathInPackage, others);
  known.set(key, result);
  return result;
}

async function find(
  packageName: string,
  pathInPackage: string,
  others: readonly string[],
): Promise<DebianResult> {
  const installed = await findInstalled(pathInPackage);
  if (installed !== null) return { kind: "found", path: installed, env: {} };
  return unpackedProgram(packageName, pathInPackage, cacheFolders(), others);
}
