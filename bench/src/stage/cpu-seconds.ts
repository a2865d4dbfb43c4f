import { readFile } from "node:fs/promises";

/** The unit of `/proc/PID/stat`: 100 a second on every Linux with Node. */
const clockTicksPerSecond = 100;

/** Seconds of processor time of a process and all its threads so far. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // After the program's name, which may contain anything, state is the first field, utime and stime the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}
