import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const memory = "/dev/shm";

/** Several packages, each installed more than once. */
const roomBytes = 2 * 1024 ** 3;

/**
 * Makes a temporary folder for programs: in memory where there is room and programs may be started from it, because
 * installing thousands of files takes several times as long on a disk.
 */
export async function makeProgramFolder(): Promise<string> {
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  if (Math.min(process.availableMemory(), bavail * bsize) > roomBytes) {
    const folder = await mkdtemp(join(memory, "talkme-programs-")).catch(() => null);
    if (folder !== null && (await startsPrograms(folder))) return folder;
    if (folder !== null) await rm(folder, { recursive: true });
  }
  return mkdtemp(join(tmpdir(), "talkme-programs-"));
}

async function startsPrograms(folder: string): Promise<boolean> {
  const program = join(folder, "probe");
  try {
    await writeFile(program, "#!/bin/sh\n", { mode: 0o755 });
    await promisify(execFile)(program);
    return true;
  } catch {
    return false;
  } finally {
    await rm(program, { force: true });
  }
}
