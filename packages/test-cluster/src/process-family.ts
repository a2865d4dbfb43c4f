import { readdir, readFile } from "node:fs/promises";

/** A process and its children, such as a postmaster and its backends: the parent first, so that it starts no more of them. */
export async function familyOf(pid: number): Promise<readonly number[]> {
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const parents = await Promise.all(pids.map(async (one) => [one, await parentOf(one)] as const));
  return [pid, ...parents.filter(([, parent]) => parent === pid).map(([one]) => one)];
}

async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name before it is in brackets and may contain anything.
  const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return parent === undefined ? null : Number(parent);
}

/** Sends a signal to processes of which some may have ended. */
export function signalAll(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}
