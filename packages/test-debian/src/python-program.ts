import { join } from "node:path";

import { lackingDependencies, unpackPackage } from "./apt.ts";
import { cacheFolders } from "./cache-folders.ts";
import type { DebianResult } from "./debian-result.ts";
import { findInstalled, firstMatch } from "./find-installed.ts";
import { withLibrariesOf } from "./missing-libraries.ts";
import { findUnpacked, unpack } from "./package-cache.ts";

/** A program written in Python, and how it is started. */
export interface PythonProgram {
  readonly kind: "found";
  readonly command: readonly [interpreter: string, script: string];
  /** Further environment variables: where its modules and their libraries were unpacked. */
  readonly env: Readonly<Record<string, string>>;
}

export type PythonResult = PythonProgram | Extract<DebianResult, { readonly kind: "unavailable" }>;

/** Modules are compiled for the version of Debian's own interpreter, which need not be the first one in `PATH`. */
const interpreter = "/usr/bin/python3";

/**
 * Finds a Python program of a Debian package as {@link debianProgram} does, together with the modules that it lacks. Never fails.
 *
 * @param modules Further packages that it is to find, such as those that it only recommends.
 * @param folders Where packages are unpacked.
 */
export async function debianPythonProgram(
  packageName: string,
  pathInPackage: string,
  modules: readonly string[],
  folders: readonly string[] = cacheFolders(),
): Promise<PythonResult> {
  const installed = await findInstalled(pathInPackage);
  if (installed !== null) return { kind: "found", command: [interpreter, installed], env: {} };
  try {
    const root =
      (await findUnpacked(folders, packageName)) ??
      (await unpack(folders, packageName, async (staging, folder) => {
        const lacking = await lackingDependencies([packageName, ...modules], staging);
        const wanted = [...modules, ...lacking].filter((name) => /^(?:python3|lib)/.test(name));
        for (const name of new Set(wanted)) await unpackPackage(name, staging, folder);
      }));
    const script = await firstMatch(root, pathInPackage);
    if (script === null) return unavailable(`Debian's package ${packageName} has no ${pathInPackage}.`);
    const own = await firstMatch(root, "usr/bin/python3.[0-9]*");
    return {
      kind: "found",
      command: [own ?? interpreter, script],
      env: { ...(await withLibrariesOf(root)), PYTHONPATH: join(root, "usr/lib/python3/dist-packages") },
    };
  } catch (error) {
    return unavailable(error instanceof Error ? error.message : String(error));
  }
}

function unavailable(reason: string): PythonResult {
  return { kind: "unavailable", reason };
}
