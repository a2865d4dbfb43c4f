import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { fetchLists, hasLists, lackingDependencies, unpackPackage } from "./apt.ts";
import { firstMatch } from "./find-installed.ts";
import { missingLibraries, withLibrariesOf } from "./missing-libraries.ts";

/** The folder below which a package is already unpacked, or null. */
export async function findUnpacked(folders: readonly string[], packageName: string): Promise<string | null> {
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    const found = names.find((name) => name.startsWith(`${packageName}_`));
    if (found !== undefined) return join(folder, found);
  }
  return null;
}

/**
 * Downloads a package and what its program lacks, and unpacks them below one folder in the first writable one of `folders`.
 * It appears only when complete, so that concurrent processes do not disturb each other.
 *
 * @param addRest Unpacks what the program lacks below `root`; `staging` takes the downloads.
 * @returns The folder.
 * @throws {AptError} if the package is not available.
 */
export async function unpack(
  folders: readonly string[],
  packageName: string,
  addRest: (staging: string, root: string) => Promise<void>,
): Promise<string> {
  const { folder, staging } = await makeStaging(folders);
  try {
    const root = join(staging, "root");
    await mkdir(root);
    if (process.getuid?.() === 0 && !(await hasLists())) await fetchLists(folder);
    const name = await unpackPackage(packageName, staging, root);
    await addRest(staging, root);
    const unpacked = join(folder, name);
    await rename(root, unpacked).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
    return unpacked;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Adds the libraries that a program lacks, and nothing else: tests do not need a service's other dependencies. */
export async function addLibraries(
  packageName: string,
  pathInPackage: string,
  staging: string,
  root: string,
): Promise<void> {
  const program = await firstMatch(root, pathInPackage);
  if (program === null) return;
  const isComplete = async (): Promise<boolean> =>
    (await missingLibraries(program, await withLibrariesOf(root))).length === 0;
  if (await isComplete()) return;
  const libraries = await lackingDependencies([packageName], staging);
  for (const library of libraries.filter((name) => name.startsWith("lib"))) {
    await unpackPackage(library, staging, root);
    if (await isComplete()) return;
  }
}

async function makeStaging(
  folders: readonly string[],
): Promise<{ readonly folder: string; readonly staging: string }> {
  const failures: unknown[] = [];
  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 });
      return { folder, staging: await mkdtemp(join(folder, ".unpacking-")) };
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, `None of these folders can be written: ${folders.join(", ")}.`);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "EEXIST");
}
