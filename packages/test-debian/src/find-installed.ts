import { access, constants, glob } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";

/** Folders of services, which a normal user's `PATH` lacks. */
const systemFolders = ["/usr/sbin", "/sbin"];

/** The path of an installed program or file; null if there is none. */
export async function findInstalled(pathInPackage: string): Promise<string | null> {
  const isProgram = /(?:^|\/)s?bin\/[^/]+$/.test(pathInPackage);
  if (!isProgram) return firstMatch("/", pathInPackage);
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of [...folders, ...systemFolders]) {
    const path = join(folder, basename(pathInPackage));
    if (await isExecutable(path)) return path;
  }
  return null;
}

/** The first path below a folder that matches a pattern; null if none does. */
export async function firstMatch(folder: string, pattern: string): Promise<string | null> {
  for await (const path of glob(pattern, { cwd: folder })) return join(folder, path);
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
