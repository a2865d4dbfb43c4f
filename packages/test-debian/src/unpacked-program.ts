import { hasLists, unpackPackage } from "./apt.ts";
import type { DebianResult } from "./debian-result.ts";
import { firstMatch } from "./find-installed.ts";
import { missingLibraries, withLibrariesOf } from "./missing-libraries.ts";
import { addLibraries, findUnpacked, unpack } from "./package-cache.ts";

/**
 * A program unpacked into one of `folders`, now or before; never an installed one.
 *
 * @param others Further packages, unpacked below the same folder.
 */
export async function unpackedProgram(
  packageName: string,
  pathInPackage: string,
  folders: readonly string[],
  others: readonly string[] = [],
): Promise<DebianResult> {
  try {
    const root =
      (await findUnpacked(folders, packageName)) ??
      (await unpack(folders, packageName, async (staging, folder) => {
        for (const other of others) await unpackPackage(other, staging, folder);
        await addLibraries(packageName, pathInPackage, staging, folder);
      }));
    const path = await firstMatch(root, pathInPackage);
    if (path === null) return unavailable(`Debian's package ${packageName} has no ${pathInPackage}.`);
    if ((await missingLibraries(path, {})).length === 0) return { kind: "found", path, env: {} };
    const env = await withLibrariesOf(root);
    const missing = await missingLibraries(path, env);
    if (missing.length > 0) return unavailable(`${path} lacks ${missing.join(", ")}.`);
    return { kind: "found", path, env };
  } catch (error) {
    return unavailable(`${error instanceof Error ? error.message : String(error)} (${await advice()})`);
  }
}

function unavailable(reason: string): DebianResult {
  return { kind: "unavailable", reason };
}

async function advice(): Promise<string> {
  return (await hasLists())
    ? "if the lists of packages are out of date: apt-get update"
    : "the lists of packages are not here: apt-get update, as root";
}
