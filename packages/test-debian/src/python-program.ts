import { join } from "node:path";

import { lackingDependencies, unpackPackage } from "./apt.ts";
import { cacheFolders } from "./cache-folders.ts";
import { findInstalled, firstMatch } from "./find-installed.ts";
import { withLibrariesOf } from "./missing-libraries.ts";
import { findUnpacked, unpack } from "./package-cache.ts";

/** A program written in Python, and how it is started. */
export interface PythonProgram {
  readonly command: readonly [interpreter: string, script: string];
  /** Further environment variables: where its modules and their libraries were unpacked. */
  readonly env: Readonly<Record<string, string>>;
}

/** Modules are compiled for the version of Debian's own interpreter, which need not be the first one in `PATH`. */
const interpreter = "/usr/bin/python3";

/**
 * Finds a Python program of a Debian package as {@link debianProgram} does, together with the modules that it lacks.
 *
 * @param modules Further packages that it is to find, such as those that it only recommends.
 * @param folders Where packages are unpacked.
 * @throws if it cannot be had; the message says why.
 */
export async function debianPythonProgram(
  packageName: string,
  pathInPackage: string,
  modules: readonly string[],
  folders: readonly string[] = cacheFolders(),
): Promise<PythonProgram> {
  const installed = await findInstalled(pathInPackage);
  if (installed !== null) return { command: [interpreter, installed], env: {} };
  const root =
    (await findUnpacked(folders, packageName)) ??
    (await unpack(folders, packageName, async (staging, folder) => {
      const lacking = await lackingDependencies([packageName, ...modules], staging);
      const wanted = [...modules, ...lacking].filter((name) => /^(?:python3|lib)/.test(name));
      for (const name of new Set(wanted)) await unpackPackage(name, staging, folder);
    }));
  const script = await firstMatch(root, pathInPackage);
  if (script === null) throw new Error(`Debian's package ${packageName} has no ${pathInPackage}.`);
  const own = await firstMatch(root, "usr/bin/python3.[0-9]*");
  return {
    command: [own ?? interpreter, script],
    env: { ...(await withLibrariesOf(root)), PYTHONPATH: join(root, "usr/lib/python3/dist-packages") },
  };
}
