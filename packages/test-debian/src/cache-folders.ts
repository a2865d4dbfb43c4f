import { lstatSync, readFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const clone = fileURLToPath(new URL("../../../", import.meta.url));
const writableByOthers = 0o022;

/**
 * Where unpacked packages are kept, in the order in which they are looked for: in the clone's `node_modules`, and,
 * for a user who may not write there, in a folder of his own below the temporary one.
 */
export function cacheFolders(): readonly string[] {
  const release = releaseName();
  const ofClone = join(clone, "node_modules", ".cache", "debian");
  const ofUser = join(tmpdir(), `talkme-debian-${process.getuid?.() ?? "user"}`);
  // Anybody can make a folder of that name in the temporary one; what is in it is going to be run.
  return [ofClone, ...(belongsToOthers(ofUser) ? [] : [ofUser])].map((folder) => join(folder, release));
}

function belongsToOthers(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return false;
  return !found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & writableByOthers) !== 0;
}

/** A program of one release need not run on another: a clone may be shared with a container. */
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
