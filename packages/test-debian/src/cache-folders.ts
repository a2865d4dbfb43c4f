import { lstatSync, readFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const clone = fileURLToPath(new URL("../../../", import.meta.url));
const writableByOthers = 0o022;

/**
 * The folders for unpacked packages, in the order of search: the clone's `node_modules`, and a user's own temporary folder
 * for users who may not write there.
 */
export function cacheFolders(): readonly string[] {
  const release = releaseName();
  const ofClone = join(clone, "node_modules", ".cache", "debian");
  const ofUser = join(tmpdir(), `talkme-debian-${process.getuid?.() ?? "user"}`);
  // Its programs will be run, but any user could create a folder of that name in the temporary one.
  return [ofClone, ...(belongsToOthers(ofUser) ? [] : [ofUser])].map((folder) => join(folder, release));
}

function belongsToOthers(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return false;
  return !found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & writableByOthers) !== 0;
}

/** By release, because a clone may be shared with a container of another one. */
function releaseName(): string {
  return `${osRelease("ID")}-${osRelease("VERSION_ID")}-${arch()}`;
}

function osRelease(field: string): string {
  try {
    const line = new RegExp(`^${field}="?([\\w.-]+)"?$`, "m").exec(readFileSync("/etc/os-release", "utf8"));
    return line?.[1] ?? "unknown";
  } catch {
    return "unknown";
  }
}
