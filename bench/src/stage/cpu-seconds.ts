import { readFile } from "node:fs/promises";

/** The unit of `/proc/PID/stat`: 100 a second on every Linux that Node runs on. */
const clockTicksPerSecond = 100;

/** Seconds of processor time that a process has taken so far, with all its threads. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // Behind the program's name, which may hold anything: state is the first, utime and stime the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}
