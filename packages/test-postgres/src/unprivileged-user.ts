import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface UnprivilegedUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user for PostgreSQL if this process is root: the system's `postgres` or `nobody`; creates no account. Null if this
 * process is not root (or on Windows) and can run PostgreSQL itself.
 */
export async function findUnprivilegedUser(): Promise<UnprivilegedUser | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    const ids = await Promise.all([idOf("-u", name), idOf("-g", name)]).catch(() => null);
    if (ids !== null) return { uid: ids[0], gid: ids[1] };
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody.");
}

async function idOf(flag: "-u" | "-g", name: string): Promise<number> {
  const { stdout } = await promisify(execFile)("id", [flag, name]);
  return Number(stdout);
}
